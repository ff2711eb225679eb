// Draws lanes on a canvas. Only what is in sight is drawn, and only when what is in sight changes:
// the instant is a line of its own above the picture.

import type { Axis } from './fold.ts';
import { boundaryLine, type Group, type Layout } from './layout.ts';
import { Patterns } from './palette.ts';
import { State, type Run, type Shape } from './run.ts';
import { inShort } from './time.ts';
import { boundary } from './why.ts';

/** The part of the lanes that is in sight. */
export interface View {
  width: number;
  height: number;
  scrollTop: number;
  /** Pixels from the beginning of the axis. */
  scrollLeft: number;
  /** Pixels of the whole axis. */
  whole: number;
}

const kFont = '600 11px system-ui, sans-serif';
const kLetter = 6.4;

export class Painter {
  private readonly x: (instant: number) => number;
  private readonly from: number;
  private readonly to: number;

  constructor(
    private readonly run: Run,
    private readonly axis: Axis,
    private readonly layout: Layout,
    private readonly view: View,
    private readonly pen: CanvasRenderingContext2D,
    private readonly patterns: Patterns,
  ) {
    const scale = view.whole / axis.length;
    this.x = (instant) => axis.position(instant) * scale - view.scrollLeft;
    this.from = axis.instant(view.scrollLeft / scale);
    this.to = axis.instant((view.scrollLeft + view.width) / scale);
  }

  paint(): void {
    const { pen, view, layout } = this;
    pen.clearRect(0, 0, view.width, view.height);
    pen.font = kFont;
    pen.textBaseline = 'middle';
    this.paintCommands();
    this.paintFolds();
    const bottom = view.scrollTop + view.height;
    for (const group of layout.groups) {
      if (group.end < view.scrollTop || group.top > bottom) continue;
      const first = Math.max(0, Math.floor((view.scrollTop - group.begin) / layout.laneHeight));
      const last = Math.ceil((bottom - group.begin) / layout.laneHeight);
      for (const lane of group.lanes.slice(first, last)) {
        this.paintLane(lane.pod, lane.top - view.scrollTop);
      }
      this.paintHeld(group);
      this.paintPartition(group);
    }
  }

  /** A thin line for each of the user's commands. */
  private paintCommands(): void {
    const { pen, run, view } = this;
    pen.strokeStyle = this.patterns.ink.line;
    pen.lineWidth = 1;
    for (const step of run.steps) {
      const instant = run.moments[step.at]!;
      if (step.command && instant >= this.from && instant <= this.to) {
        const x = Math.round(this.x(instant)) + 0.5;
        pen.beginPath();
        pen.moveTo(x, 0);
        pen.lineTo(x, view.height);
        pen.stroke();
      }
    }
  }

  /** Where time is folded, a torn strip, with how long that is. */
  private paintFolds(): void {
    const { pen, view } = this;
    for (const fold of this.axis.folds) {
      if (fold.end < this.from || fold.begin > this.to) continue;
      const x = (this.x(fold.begin) + this.x(fold.end)) / 2;
      const wide = this.x(fold.end) - this.x(fold.begin);
      if (wide < 8) continue;
      pen.strokeStyle = this.patterns.ink.line;
      pen.lineWidth = 1;
      for (const off of [-2.5, 2.5]) {
        pen.beginPath();
        for (let y = -6; y <= view.height + 6; y += 6) {
          pen.lineTo(x + off + ((y / 6) % 2 === 0 ? -2 : 2), y);
        }
        pen.stroke();
      }
      const text = inShort(fold.end - fold.begin);
      if (wide > text.length * kLetter + 12) {
        pen.fillStyle = this.patterns.ink.dim;
        pen.textAlign = 'center';
        pen.fillText(text, x, 8);
        pen.textAlign = 'start';
      }
    }
  }

  private paintLane(pod: number, top: number): void {
    const { run, layout, pen } = this;
    const height = layout.laneHeight;
    const thin = height < 10;
    const inset = thin ? 0 : 3;
    if (!thin) {
      pen.strokeStyle = this.patterns.ink.line;
      pen.globalAlpha = 0.5;
      pen.lineWidth = 1;
      pen.beginPath();
      pen.moveTo(0, Math.round(top + height) - 0.5);
      pen.lineTo(this.view.width, Math.round(top + height) - 0.5);
      pen.stroke();
      pen.globalAlpha = 1;
    }
    const [begin, end] = run.spansOf.range(pod);
    let drawn = -Infinity;
    for (let i = begin; i < end; ++i) {
      const span = run.spansOf.entries[i]!;
      if (run.spanEnd[span]! < this.from) continue;
      if (run.spanBegin[span]! > this.to) break;
      const left = Math.max(this.x(run.spanBegin[span]!), -2);
      const right = Math.min(this.x(run.spanEnd[span]!), this.view.width + 2);
      // Of many spans in one pixel the first stands for all.
      if (right <= drawn + 0.4) continue;
      drawn = right;
      this.paintSpan(span, left, top + inset, Math.max(right - left, 0.6), height - 2 * inset);
    }
  }

  private paintSpan(span: number, left: number, top: number, width: number, height: number): void {
    const { run, pen, patterns } = this;
    const state = run.spanState(span);
    const revision = run.spanRevision(span);
    const color = state === State.Failing ? patterns.ink.alarm : patterns.color(revision);
    pen.fillStyle = patterns.fill(state, revision);
    pen.fillRect(left, top, width, height);
    if (height < 8) return;
    if (state !== State.Ready && width > 3) {
      pen.strokeStyle = color;
      pen.lineWidth = 1;
      pen.setLineDash(state === State.Pending ? [2, 2] : []);
      pen.strokeRect(left + 0.5, top + 0.5, width - 1, height - 1);
      pen.setLineDash([]);
    }
    if (width < 16) return;
    const letter = revision < 0 ? '' : (run.revisions[revision]?.letter ?? '');
    const detail = run.spanDetail(span);
    const words = `${letter} ${state === State.Failing ? `! ${detail}` : run.stateName(state)}`;
    const text = width > words.length * kLetter + 10 ? words : letter;
    if (text === '') return;
    const y = top + height / 2 + 0.5;
    const solid = state === State.Ready || state === State.Running;
    if (!solid) {
      // Letters on hatching cannot be read.
      pen.fillStyle = patterns.ink.ground;
      pen.globalAlpha = 0.85;
      pen.fillRect(left + 2, top + 2, text.length * kLetter + 6, height - 4);
      pen.globalAlpha = 1;
    }
    pen.fillStyle =
      state === State.Ready ? patterns.ink.onColor : patterns.ink.text;
    pen.fillText(text, left + 5, y, width - 6);
  }

  /** The stretches of time in which a set is of one shape. */
  private *stretches(group: Group): Generator<{ shape: Shape; begin: number; end: number }> {
    const shapes = this.run.sets[group.set]?.shapes ?? [];
    for (let i = 0; i < shapes.length; ++i) {
      const begin = this.run.moments[shapes[i]!.at]!;
      const next = shapes[i + 1];
      const end = next ? this.run.moments[next.at]! : this.run.end;
      if (shapes[i]!.there && end >= this.from && begin <= this.to) {
        yield { shape: shapes[i]!, begin, end };
      }
    }
  }

  /** A veil over the lanes that an update does not reach, while there is one. */
  private paintHeld(group: Group): void {
    const { pen, layout, view, patterns } = this;
    for (const { begin, end, shape } of joined(this.stretches(group))) {
      const y = boundaryLine(this.run, group, boundary(shape), layout.laneHeight) - view.scrollTop;
      const bottom = group.end - view.scrollTop;
      const left = Math.max(this.x(begin), 0);
      const right = Math.min(this.x(end), view.width);
      if (bottom - y < 4 || right <= left) continue;
      pen.fillStyle = patterns.ink.ground;
      pen.globalAlpha = 0.5;
      pen.fillRect(left, y, right - left, bottom - y);
      pen.globalAlpha = 1;
      const letter = this.run.revisions[shape.current]?.letter ?? '';
      const text = [`below the partition: kept at ${letter}`, `kept at ${letter}`, letter].find(
        (candidate) => candidate.length * kLetter + 14 < right - left,
      );
      if (!text || bottom - y < 18) continue;
      const width = text.length * kLetter + 10;
      const middle = (y + Math.min(bottom, view.height)) / 2;
      pen.fillStyle = patterns.ink.ground;
      pen.beginPath();
      pen.roundRect((left + right - width) / 2, middle - 9, width, 18, 4);
      pen.fill();
      pen.fillStyle = patterns.ink.gate;
      pen.textAlign = 'center';
      pen.fillText(text, (left + right) / 2, middle + 0.5, width - 6);
      pen.textAlign = 'start';
    }
  }

  /** The partition: a line through the lanes, which moves when the user moves it. */
  private paintPartition(group: Group): void {
    const { pen, layout, view, patterns } = this;
    if (!usesPartition(this.run, group)) return;
    const line = (shape: Shape) =>
      boundaryLine(this.run, group, boundary(shape), layout.laneHeight) - view.scrollTop;
    pen.strokeStyle = patterns.ink.gate;
    pen.lineWidth = layout.laneHeight < 10 ? 1.5 : 2.5;
    pen.beginPath();
    let last: { partition: number; end: number } | null = null;
    const labels: { x: number; y: number; room: number; shape: Shape }[] = [];
    for (const { shape, begin, end } of this.stretches(group)) {
      if (!showsPartition(shape)) {
        last = null;
        continue;
      }
      const y = line(shape);
      if (last === null) pen.moveTo(this.x(begin), y);
      else pen.lineTo(this.x(begin), y);
      pen.lineTo(this.x(end), y);
      const label = labels.at(-1);
      if (last !== null && last.partition === shape.partition && label) {
        label.room = this.x(end) - label.x;
      } else {
        labels.push({ x: this.x(begin), y, room: this.x(end) - this.x(begin), shape });
      }
      last = { partition: shape.partition, end };
    }
    pen.stroke();
    for (const { x, y, room, shape } of labels) {
      const at = Math.max(x, 0);
      this.paintLabel(shape, at, y, Math.min(x + room, view.width) - at);
    }
  }

  private paintLabel(shape: Shape, x: number, y: number, room: number): void {
    const { pen, patterns } = this;
    const first = boundary(shape);
    const texts = [
      shape.partition === 0
        ? 'partition 0: updates reach all'
        : `partition ${shape.partition}: updates reach ordinals ≥ ${first} only`,
      `partition ${shape.partition}: updates only ≥ ${first}`,
      `partition ${shape.partition}`,
      `p${shape.partition}`,
    ];
    const text = texts.find((candidate) => candidate.length * kLetter + 14 < room);
    if (!text) return;
    const width = text.length * kLetter + 10;
    const top = shape.partition === 0 ? y + 2 : y - 8;
    pen.fillStyle = patterns.ink.gate;
    pen.beginPath();
    pen.roundRect(x + 2, top, width, 16, 4);
    pen.fill();
    pen.fillStyle = patterns.ink.ground;
    pen.fillText(text, x + 7, top + 8.5, width - 8);
  }
}

/** Stretches in which a partition holds back an update; those that say the same as one. */
function joined(
  stretches: Iterable<{ shape: Shape; begin: number; end: number }>,
): { shape: Shape; begin: number; end: number }[] {
  const out: { shape: Shape; begin: number; end: number }[] = [];
  for (const one of stretches) {
    const { shape } = one;
    const held = showsPartition(shape) && shape.partition > 0 && shape.current !== shape.update;
    const last = out.at(-1);
    if (!held || shape.current < 0) continue;
    if (
      last?.end === one.begin &&
      last.shape.partition === shape.partition &&
      last.shape.current === shape.current
    ) {
      last.end = one.end;
    } else {
      out.push({ ...one });
    }
  }
  return out;
}

/** Whether the partition of a shape means anything. */
const showsPartition = (shape: Shape) => shape.strategy === 'RollingUpdate';

/** Whether a set ever has a partition. */
export const usesPartition = (run: Run, group: Group) =>
  (run.sets[group.set]?.shapes ?? []).some((shape) => showsPartition(shape) && shape.partition > 0);

/** How many pixels a tick with its text takes. */
export const kTickRoom = 64;

/** The instants of ticks, with room for the text of each. */
export function ticksOf(axis: Axis, whole: number, step: number, end: number): number[] {
  const scale = whole / axis.length;
  const out: number[] = [];
  let before = -Infinity;
  for (let instant = 0; instant <= end; instant += step) {
    const x = axis.position(instant) * scale;
    const fold = axis.folds.find(({ begin, end: stop }) => instant > begin && instant < stop);
    if (fold) {
      instant = Math.max(instant, Math.floor(fold.end / step) * step);
    } else if (x - before >= kTickRoom) {
      out.push(instant);
      before = x;
    }
  }
  return out;
}

/** Commands that stand so near to each other that they need one mark. */
export function clusters(run: Run, axis: Axis, whole: number, apart: number) {
  const scale = whole / axis.length;
  const out: { x: number; steps: number[] }[] = [];
  run.steps.forEach((step, i) => {
    if (!step.command) return;
    const x = axis.position(run.moments[step.at]!) * scale;
    const last = out.at(-1);
    if (last && x - last.x < apart) last.steps.push(i);
    else out.push({ x, steps: [i] });
  });
  return out;
}
