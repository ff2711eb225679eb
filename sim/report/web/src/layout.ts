// Where lanes stand: a group for each set, in it the ordinals from 0 at the bottom up, so that
// "at or above the partition" is above its line.

import type { Run } from './run.ts';

export interface Lane {
  pod: number;
  top: number;
}

export interface Group {
  /** -1 for pods of no set. */
  set: number;
  title: string;
  top: number;
  /** Where its lanes begin and end. */
  begin: number;
  end: number;
  lanes: readonly Lane[];
}

export const kGroupTitle = 26;
/** Below a group, with room for what a partition of 0 says. */
const kGap = 22;

export interface Layout {
  groups: readonly Group[];
  /** All lanes from the top down. */
  lanes: readonly Lane[];
  laneOf: ReadonlyMap<number, Lane>;
  laneHeight: number;
  height: number;
}

/** How high lanes are: such that they can be read, or such that many are seen at once. */
export const laneHeights = (pods: number) => ({
  readable: 26,
  overview: Math.max(2, Math.min(8, Math.floor(460 / Math.max(pods, 1)))),
});

export function layoutOf(run: Run, laneHeight: number): Layout {
  const groups: Group[] = [];
  const all: Lane[] = [];
  let top = 0;
  const bySet = new Map<number, number[]>();
  for (const pod of run.pods) {
    const of = bySet.get(pod.set) ?? [];
    of.push(pod.index);
    bySet.set(pod.set, of);
  }
  for (const set of [...run.sets.keys(), -1]) {
    const pods = bySet.get(set);
    if (!pods) continue;
    pods.sort((a, b) =>
      set >= 0
        ? run.pods[b]!.ordinal - run.pods[a]!.ordinal
        : run.pods[a]!.name < run.pods[b]!.name ? -1 : 1,
    );
    const of = run.sets[set];
    const begin = top + kGroupTitle;
    const lanes = pods.map((pod, i) => ({ pod, top: begin + i * laneHeight }));
    const end = begin + lanes.length * laneHeight;
    const title = !of
      ? 'pods of no set'
      : of.namespace === 'default' ? of.name : `${of.namespace}/${of.name}`;
    groups.push({ set, title, top, begin, end, lanes });
    all.push(...lanes);
    top = end + kGap;
  }
  return {
    groups,
    lanes: all,
    laneOf: new Map(all.map((lane) => [lane.pod, lane])),
    laneHeight,
    height: Math.max(top, 40),
  };
}

/** The height at which ordinals from `first` on stand above. */
export function boundaryLine(run: Run, group: Group, first: number, laneHeight: number): number {
  const above = group.lanes.filter((lane) => run.pods[lane.pod]!.ordinal >= first).length;
  return group.begin + above * laneHeight;
}

/** The lane at a height, or null. */
export function laneAt(layout: Layout, y: number): Lane | null {
  for (const group of layout.groups) {
    if (y >= group.begin && y < group.end) {
      return group.lanes[Math.floor((y - group.begin) / layout.laneHeight)] ?? null;
    }
  }
  return null;
}
