// Why a pod is as it is, from what the run tells: reasons of controllers, the partition, and what
// last happened to it.

import { State, type Run, type Shape } from './run.ts';

export interface Why {
  /** Where it comes from, for the sign before it. */
  from: 'waits' | 'partition' | 'event' | 'nothing';
  text: string;
  rule: string;
  /** The event that it tells of, or -1. */
  event: number;
}

/** The first ordinal that an update reaches. Rule: SS-127. */
export const boundary = (shape: Shape): number => shape.first + shape.partition;

/** Whether the set wants a pod of this ordinal. */
export const isWanted = (shape: Shape | null, ordinal: number): boolean =>
  shape !== null && ordinal >= shape.first && ordinal < shape.first + shape.replicas;

/** Whether the partition keeps an update from a pod of this ordinal and revision. */
export function isHeld(shape: Shape | null, ordinal: number, revision: number): boolean {
  return (
    shape !== null &&
    shape.strategy === 'RollingUpdate' &&
    shape.update >= 0 &&
    revision >= 0 &&
    revision !== shape.update &&
    isWanted(shape, ordinal) &&
    ordinal < boundary(shape)
  );
}

/** What is to be said of a pod at an instant, the most telling first. */
export function whyOf(run: Run, podIndex: number, instant: number, moment: number): Why[] {
  const pod = run.pods[podIndex]!;
  const span = run.spanAt(podIndex, instant);
  const shape = run.shapeAt(pod.set, moment);
  const out: Why[] = [];
  for (const { text, rule } of run.reasonsAt(pod.object, moment)) {
    out.push({ from: 'waits', text, rule, event: -1 });
  }
  const revision = span < 0 ? -1 : run.spanRevision(span);
  const letter = (number: number) => run.revisions[number]?.letter ?? '?';
  if (shape && isHeld(shape, pod.ordinal, revision)) {
    out.push({
      from: 'partition',
      text:
        `ordinal ${pod.ordinal} is below the partition ${shape.partition}` +
        (shape.first > 0 ? `, counted from the first ordinal ${shape.first}` : '') +
        `: it keeps revision ${letter(revision)}, and the update to ${letter(shape.update)} ` +
        'does not reach it',
      rule: 'SS-127',
      event: -1,
    });
  }
  const outdated = shape !== null && revision >= 0 && revision !== shape.update;
  const comes = span < 0 && isWanted(shape, pod.ordinal);
  const held = out.some(({ from }) => from === 'partition');
  if (pod.set >= 0 && (comes || (outdated && !held)) && !out.some((w) => w.from === 'waits')) {
    const set = run.objectOfSet(pod.set);
    for (const { text, rule } of set < 0 ? [] : run.reasonsOfLookAt(set, moment)) {
      out.push({ from: 'waits', text, rule, event: -1 });
    }
  }
  const event =
    span >= 0 && run.spanState(span) !== State.Pending
      ? Math.max(run.spanEvent(span), run.lastEventOf(pod.object, moment))
      : run.lastEventOf(pod.object, moment);
  if (event >= 0) {
    out.push({
      from: 'event',
      text: run.eventText(event),
      rule: run.eventRule(event),
      event,
    });
  }
  // That it is not ready is why others wait; of the pod itself what happened to it tells more.
  const first = out[0];
  const last = out.at(-1);
  const unready = span >= 0 && run.spanState(span) !== State.Ready;
  if (unready && last?.from === 'event' && first?.from === 'waits' && first.rule === 'SS-111') {
    out.unshift(out.pop()!);
  }
  if (out.length === 0) {
    out.push({ from: 'nothing', text: 'nobody has got to it yet', rule: '', event: -1 });
  }
  return out;
}

/**
 * An event and those that led to it, the newest first. What is tried again and again stands once,
 * so that a chain leads to where the trying began.
 */
export function chain(run: Run, event: number, most = 12): number[] {
  const out: number[] = [];
  const known = new Set<string>();
  for (let at = event; at >= 0 && out.length < most; at = run.eventCause(at)) {
    // A length of time has its unit; other numbers tell things apart.
    const alike = `${run.eventPod(at)} ${run.eventText(at).replaceAll(/\b(\d+(\.\d+)?(h|ms|m|s))+\b/g, '#')}`;
    if (!known.has(alike)) out.push(at);
    if (run.eventPod(at) >= 0) known.add(alike);
  }
  return out;
}
