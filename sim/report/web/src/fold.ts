// The axis of time. Where nothing happens for long, time is folded: an hour of waiting must not
// make the seconds in which things happen too narrow to be seen.

import { scaleLinear } from 'd3-scale';

export interface Fold {
  begin: number;
  end: number;
}

/** Microseconds of quiet that are shown as they are. */
const kQuiet = 3e6;

/** How long a quiet stretch is shown: longer ones longer, but ever less so. */
const folded = (gap: number) => (gap <= kQuiet ? gap : kQuiet * (1 + Math.log2(gap / kQuiet) / 3));

export class Axis {
  readonly folds: readonly Fold[];
  /** How long the whole axis is, in microseconds as they are shown. */
  readonly length: number;
  private readonly scale;

  /** `instants` in order; with `fold` quiet stretches are folded. */
  constructor(instants: ArrayLike<number>, fold: boolean) {
    const folds: Fold[] = [];
    const from = [0];
    const to = [0];
    let before = 0;
    let length = 0;
    for (let i = 0; i < instants.length; ++i) {
      const instant = instants[i]!;
      const gap = instant - before;
      if (fold && gap > kQuiet) {
        if (from.at(-1) !== before) {
          from.push(before);
          to.push(length);
        }
        folds.push({ begin: before, end: instant });
        length += folded(gap);
        from.push(instant);
        to.push(length);
      } else {
        length += gap;
      }
      before = instant;
    }
    if (from.at(-1) !== before || from.length < 2) {
      from.push(Math.max(before, 1));
      to.push(Math.max(length, 1));
    }
    this.folds = folds;
    this.length = Math.max(length, 1);
    this.scale = scaleLinear().domain(from).range(to).clamp(true);
  }

  /** Where an instant stands, from 0 to `length`. */
  position(instant: number): number {
    return this.scale(instant);
  }
  /** What instant stands at a position. */
  instant(position: number): number {
    return this.scale.invert(position);
  }
}
