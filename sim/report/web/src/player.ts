// What the page shows: an instant of a run, and whether it moves.

import { countUpTo } from './columns.ts';
import { Axis } from './fold.ts';
import { fromHash, toHash } from './link.ts';
import type { Pod, Run } from './run.ts';

const kSpeeds = [0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 1000, 5000];
/** How long a run usually plays, in seconds. */
const kUsualLength = 60;

export class Player {
  readonly speeds: readonly number[];
  instant = 0;
  playing = false;
  speed: number;
  /** The pod that is looked at, or null. */
  pod: number | null = null;
  axis: Axis;
  /** Whether folding changes anything. */
  readonly folds: boolean;
  folded = true;
  private readonly listeners = new Set<() => void>();
  private frame = 0;
  private remembering: ReturnType<typeof setTimeout> | undefined;
  private last = 0;
  private owed = 0;
  private readonly still = window.matchMedia('(prefers-reduced-motion: reduce)');

  constructor(readonly run: Run) {
    this.axis = new Axis(run.instants, true);
    this.folds = this.axis.folds.length > 0;
    this.speeds = kSpeeds;
    const seconds = this.axis.length / 1e6;
    this.speed = kSpeeds.find((speed) => seconds / speed <= kUsualLength) ?? kSpeeds.at(-1)!;
    this.instant = run.moments[run.steps.find((step) => step.command)?.end ?? 0] ?? 0;
    this.follow();
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
  private tell(): void {
    this.listeners.forEach((listener) => listener());
  }

  goTo(instant: number): void {
    this.instant = Math.min(Math.max(instant, 0), this.run.end);
    if (!this.playing) this.remember();
    this.tell();
  }

  /** Goes to the instant at which something happens next, or did before. */
  step(by: 1 | -1): void {
    const { instants } = this.run;
    const upTo = countUpTo(instants, this.instant);
    const here = upTo > 0 && instants[upTo - 1] === this.instant;
    const index = by > 0 ? upTo : upTo - (here ? 2 : 1);
    this.pause();
    this.goTo(instants[Math.min(Math.max(index, 0), instants.length - 1)]!);
  }

  play(): void {
    if (this.playing) return;
    if (this.instant >= this.run.end) this.instant = 0;
    this.playing = true;
    this.last = performance.now();
    this.owed = 0;
    this.frame = requestAnimationFrame(this.tick);
    this.tell();
  }
  pause(): void {
    if (!this.playing) return;
    this.playing = false;
    cancelAnimationFrame(this.frame);
    this.remember();
    this.tell();
  }
  toggle(): void {
    if (this.playing) this.pause();
    else this.play();
  }

  private readonly tick = (now: number): void => {
    const passed = (now - this.last) * 1000 * this.speed;
    this.last = now;
    const position = this.axis.position(this.instant) + passed + this.owed;
    let next = this.axis.instant(position);
    this.owed = 0;
    if (this.still.matches) {
      // Nothing glides: the page goes from one event to a later one, twice a second.
      this.owed = position - this.axis.position(this.instant);
      const upTo = countUpTo(this.run.instants, next);
      const event = this.run.instants[upTo - 1] ?? 0;
      if (this.owed < 5e5 * this.speed || event <= this.instant) {
        this.frame = requestAnimationFrame(this.tick);
        return;
      }
      next = event;
      this.owed = 0;
    }
    this.instant = Math.min(next, this.run.end);
    if (position >= this.axis.length || this.instant >= this.run.end) {
      this.instant = this.run.end;
      this.playing = false;
      this.remember();
    } else {
      this.frame = requestAnimationFrame(this.tick);
    }
    this.tell();
  };

  setSpeed(speed: number): void {
    this.speed = speed;
    this.tell();
  }
  setFolded(folded: boolean): void {
    this.folded = folded;
    this.axis = new Axis(this.run.instants, folded);
    this.tell();
  }
  select(pod: number | null): void {
    this.pod = pod;
    this.remember();
    this.tell();
  }

  get moment(): number {
    return this.run.momentAt(this.instant);
  }

  /** The part of the address that leads here. */
  get hash(): string {
    const pod = this.pod === null ? null : nameOf(this.run.pods[this.pod]!);
    return toHash({ instant: this.instant, pod });
  }
  /** Puts the place into the address, once it stands still: browsers take such changes seldom. */
  private remember(): void {
    clearTimeout(this.remembering);
    this.remembering = setTimeout(() => history.replaceState(null, '', this.hash), 200);
  }
  /** Goes where the address says. */
  follow(): void {
    const place = fromHash(location.hash);
    if (place) {
      const pod = this.run.pods.findIndex((candidate) => nameOf(candidate) === place.pod);
      this.pod = pod < 0 ? null : pod;
      this.instant = Math.min(Math.max(place.instant, 0), this.run.end);
      this.tell();
    }
  }
}

/** `web-3`; outside namespace default `other/web-3`. */
export const nameOf = (pod: Pod): string =>
  pod.namespace === 'default' ? pod.name : `${pod.namespace}/${pod.name}`;
