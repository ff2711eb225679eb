// A run, made from a page's data so that everything can be found quickly. It does not change.

import { countUpTo, Grouped, summed } from './columns.ts';
import type { RawRun, RawShape, RawStep, RawSummary } from './data.ts';
import { Table } from './table.ts';

/** States of pods, by number; the order is that of report::PodState. */
export const enum State {
  Pending,
  Pulling,
  Starting,
  Running,
  Ready,
  Failing,
  Ended,
  Terminating,
}

/** How an event is shown; the numbers are those of `look_of` in page_events.cpp. */
export const looks = ['user', 'decision', 'waiting', 'node', 'trouble'] as const;

export interface Pod {
  index: number;
  object: number;
  name: string;
  namespace: string;
  /** -1 for a pod of no set. */
  set: number;
  ordinal: number;
  claims: readonly string[];
}

/** What a set is like from a moment on. */
export interface Shape {
  at: number;
  there: boolean;
  replicas: number;
  first: number;
  partition: number;
  parallel: boolean;
  strategy: string;
  /** Numbers of revisions, or -1. */
  current: number;
  update: number;
}

export interface StatefulSet {
  name: string;
  namespace: string;
  shapes: readonly Shape[];
}

export interface Revision {
  /** `A`, `B`, …: what it is called in the lanes. */
  letter: string;
  name: string;
  images: string;
}

export interface Reason {
  object: number;
  look: number;
  text: string;
  rule: string;
}

const shapeOf = (raw: RawShape): Shape => ({
  at: raw.at,
  there: raw.there,
  replicas: raw.replicas ?? 0,
  first: raw.first ?? 0,
  partition: raw.partition ?? 0,
  parallel: raw.parallel ?? false,
  strategy: raw.strategy ?? '',
  current: raw.current ?? -1,
  update: raw.update ?? -1,
});

/** `A` to `Z`, then `A2` and so on. */
export const letterOf = (revision: number): string =>
  String.fromCharCode(65 + (revision % 26)) +
  (revision < 26 ? '' : String(Math.floor(revision / 26) + 1));

export class Run {
  readonly scenario: string;
  readonly about: string;
  readonly kubernetes: string;
  readonly steps: readonly RawStep[];
  readonly summary: RawSummary;
  /** Microseconds since the beginning of virtual time, in order. */
  readonly moments: Float64Array;
  readonly end: number;
  readonly eventAt: Float64Array;
  /** Where something happens: what stepping goes to. Microseconds. */
  readonly instants: Float64Array;
  readonly spanBegin: Float64Array;
  readonly spanEnd: Float64Array;
  readonly spansOf: Grouped;
  readonly pods: readonly Pod[];
  readonly sets: readonly StatefulSet[];
  readonly revisions: readonly Revision[];
  readonly tables: readonly Table[];
  readonly dns: Table;
  readonly volumes: ReadonlyMap<string, string>;
  readonly leftOut: { events: number; until: number } | null;
  private readonly reasonAt: Float64Array;
  private readonly eventsOf: Grouped;
  private readonly reasonsOf: Grouped;
  private readonly reasonsOfLook: Grouped;
  private readonly setObjects = new Map<number, number>();
  private readonly podOfObject: Map<number, number>;

  constructor(private readonly raw: RawRun) {
    const strings = raw.strings;
    this.scenario = raw.scenario;
    this.about = raw.about;
    this.kubernetes = raw.kubernetes;
    this.steps = raw.steps;
    this.summary = raw.summary;
    this.moments = summed(raw.moments);
    this.end = this.moments[raw.end] ?? 0;
    this.eventAt = summed(raw.events.at);
    const instants = new Set<number>([0, this.end]);
    for (const moment of this.eventAt) {
      instants.add(this.moments[moment]!);
    }
    this.instants = Float64Array.from(instants).sort();
    const begins = summed(raw.spans.at);
    this.spanBegin = begins.map((moment) => this.moments[moment]!);
    this.spanEnd = begins.map((moment, i) => this.moments[moment + raw.spans.end[i]!]!);
    this.spansOf = new Grouped(raw.spans.pod, raw.pods.object.length);
    this.pods = raw.pods.object.map((object, index) => ({
      index,
      object,
      name: raw.objects.name[object] ?? '',
      namespace: strings[raw.objects.namespace[object]!] ?? '',
      set: raw.pods.set[index]!,
      ordinal: raw.pods.ordinal[index]!,
      claims: raw.pods.claims[index] ?? [],
    }));
    this.sets = raw.sets.map((set) => ({
      name: set.name,
      namespace: strings[set.namespace] ?? '',
      shapes: set.shapes.map(shapeOf),
    }));
    this.revisions = raw.revisions.map((revision, i) => ({ letter: letterOf(i), ...revision }));
    this.tables = raw.tables.map((table) => new Table(table, strings));
    this.dns = new Table(raw.dns, strings);
    this.volumes = new Map(Object.entries(raw.volumes));
    const shown = raw.events.at.length;
    this.leftOut =
      shown < raw.inAll ? { events: raw.inAll - shown, until: raw.wholeEnd } : null;
    const objects = raw.objects.name.length;
    this.eventsOf = new Grouped(raw.events.object, objects);
    this.reasonAt = summed(raw.reasons.at);
    this.reasonsOf = new Grouped(raw.reasons.object, objects);
    this.reasonsOfLook = new Grouped(raw.reasons.look, objects);
    this.podOfObject = new Map(this.pods.map((pod) => [pod.object, pod.index]));
  }

  /** The last moment at an instant or before it. */
  momentAt(instant: number): number {
    return countUpTo(this.moments, instant) - 1;
  }

  get events(): number {
    return this.eventAt.length;
  }
  eventTime(event: number): number {
    return this.moments[this.eventAt[event]!]!;
  }
  eventActor(event: number): string {
    return this.raw.events.actors[this.raw.events.actor[event]!] ?? '';
  }
  eventText(event: number): string {
    const object = this.raw.events.object[event]!;
    const name = this.raw.objects.name[object] ?? '';
    return (this.raw.strings[this.raw.events.text[event]!] ?? '').replaceAll('\x03', name);
  }
  eventRule(event: number): string {
    return this.raw.events.rules[this.raw.events.rule[event]!] ?? '';
  }
  eventLook(event: number): (typeof looks)[number] {
    return looks[this.raw.events.look[event]!] ?? 'decision';
  }
  /** The event that led to one, or -1. */
  eventCause(event: number): number {
    const back = this.raw.events.cause[event]!;
    return back > 0 ? event - back : -1;
  }
  /** The pod that an event is about, or -1. */
  eventPod(event: number): number {
    return this.podOfObject.get(this.raw.events.object[event]!) ?? -1;
  }
  /** The last event up to a moment, or -1. */
  lastEvent(moment: number): number {
    return countUpTo(this.eventAt, moment) - 1;
  }
  /** The last event about an object up to a moment, or -1. */
  lastEventOf(object: number, moment: number): number {
    return this.eventsOf.lastUpTo(object, this.eventAt, moment);
  }

  spanState(span: number): State {
    return this.raw.spans.state[span]!;
  }
  stateName(state: State): string {
    return this.raw.spans.states[state] ?? '';
  }
  spanRevision(span: number): number {
    return this.raw.spans.revision[span]!;
  }
  spanDetail(span: number): string {
    return this.raw.strings[this.raw.spans.detail[span]!] ?? '';
  }
  spanOpen(span: number): boolean {
    return this.raw.spans.open[span] === 1;
  }
  /** The event that began a span, or -1. */
  spanEvent(span: number): number {
    return this.raw.spans.event[span]!;
  }
  /** The span in which a pod is at an instant, or -1 where it is not there. */
  spanAt(pod: number, instant: number): number {
    const span = this.spansOf.lastUpTo(pod, this.spanBegin, instant);
    return span >= 0 && (this.spanOpen(span) || this.spanEnd[span]! > instant) ? span : -1;
  }

  /** What a set is like at a moment. */
  shapeAt(set: number, moment: number): Shape | null {
    const shapes = this.sets[set]?.shapes ?? [];
    let found: Shape | null = null;
    for (const shape of shapes) {
      if (shape.at > moment) break;
      found = shape;
    }
    return found?.there ? found : null;
  }

  /** Reasons about an object that hold at a moment. */
  reasonsAt(object: number, moment: number): Reason[] {
    return this.openReasons(this.reasonsOf, object, moment);
  }
  /** What the controllers that looked at an object found, about whatever it is. */
  reasonsOfLookAt(object: number, moment: number): Reason[] {
    return this.openReasons(this.reasonsOfLook, object, moment);
  }
  private openReasons(by: Grouped, object: number, moment: number): Reason[] {
    const out: Reason[] = [];
    const { end, text, rule, object: about, look } = this.raw.reasons;
    const [begin, stop] = by.range(object);
    for (let i = begin; i < stop; ++i) {
      const reason = by.entries[i]!;
      if (this.reasonAt[reason]! > moment) break;
      if (end[reason]! < 0 || end[reason]! > moment) {
        out.push({
          object: about[reason]!,
          look: look[reason]!,
          text: this.raw.strings[text[reason]!] ?? '',
          rule: this.raw.strings[rule[reason]!] ?? '',
        });
      }
    }
    return out;
  }

  /** The ready-made explanations that hold at a moment: of an object, or all. */
  explanations(moment: number, object?: number): { text: string; from: number }[] {
    return this.raw.why
      .filter(
        ({ at, end, objects }) =>
          at <= moment &&
          (end < 0 || end > moment) &&
          (object === undefined || objects.includes(object)),
      )
      .map(({ text, at }) => ({ text, from: this.moments[at]! }));
  }

  /** The object of a set, or -1 if nothing is said about it. */
  objectOfSet(set: number): number {
    const known = this.setObjects.get(set);
    if (known !== undefined) return known;
    const { kind, namespace, name } = this.raw.objects;
    const wanted = this.sets[set];
    const found = name.findIndex(
      (candidate, i) =>
        candidate === wanted?.name &&
        this.raw.strings[kind[i]!] === 'StatefulSet' &&
        this.raw.strings[namespace[i]!] === wanted.namespace,
    );
    this.setObjects.set(set, found);
    return found;
  }
}
