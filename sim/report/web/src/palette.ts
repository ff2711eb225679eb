// How states and revisions look. A revision has a colour, a letter and a texture; a state has a
// shape of its own, so that nothing is told by colour alone.

import { State } from './run.ts';

export interface Ink {
  text: string;
  dim: string;
  line: string;
  ground: string;
  alarm: string;
  gate: string;
  /** By revision; they are taken in turn. */
  revisions: readonly string[];
  /** Of letters on a full colour. */
  onColor: string;
  neutral: string;
}

const names = ['text', 'dim', 'line', 'ground', 'alarm', 'gate', 'on-color', 'neutral'] as const;

/** The colours of the theme that is on, as page.css has them. */
export function inkOf(element: Element): Ink {
  const style = getComputedStyle(element);
  const color = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const [text, dim, line, ground, alarm, gate, onColor, neutral] = names.map(color) as [
    string, string, string, string, string, string, string, string,
  ];
  const revisions = [1, 2, 3, 4, 5, 6].map((n) => color(`revision-${n}`));
  return { text, dim, line, ground, alarm, gate, onColor, neutral, revisions };
}

/** The patterns of one theme, made once each. */
export class Patterns {
  private readonly made = new Map<string, CanvasPattern | null>();

  constructor(
    readonly ink: Ink,
    private readonly context: CanvasRenderingContext2D,
  ) {}

  color(revision: number): string {
    const { revisions, neutral } = this.ink;
    return revision < 0 ? neutral : (revisions[revision % revisions.length] ?? neutral);
  }

  /** What a span is filled with. */
  fill(state: State, revision: number): string | CanvasPattern {
    const color = state === State.Failing ? this.ink.alarm : this.color(revision);
    const key = `${state} ${color} ${revision % 6}`;
    if (!this.made.has(key)) {
      this.made.set(key, this.make(state, color, revision));
    }
    return this.made.get(key) ?? color;
  }

  private make(state: State, color: string, revision: number): CanvasPattern | null {
    const tile = document.createElement('canvas');
    tile.width = 16;
    tile.height = 16;
    const pen = tile.getContext('2d');
    if (!pen) return null;
    const ground = (opacity: number) => {
      pen.globalAlpha = opacity;
      pen.fillStyle = color;
      pen.fillRect(0, 0, 16, 16);
      pen.globalAlpha = 1;
    };
    /** Diagonals that go on from tile to tile. */
    const stripes = (width: number, opacity: number, rising: boolean, stroke = color) => {
      pen.globalAlpha = opacity;
      pen.strokeStyle = stroke;
      pen.lineWidth = width;
      pen.beginPath();
      for (let x = -16; x <= 32; x += 8) {
        pen.moveTo(x, rising ? 18 : -2);
        pen.lineTo(x + 20, rising ? -2 : 18);
      }
      pen.stroke();
      pen.globalAlpha = 1;
    };
    switch (state) {
      case State.Pending:
        ground(0.06);
        break;
      case State.Pulling:
        ground(0.12);
        stripes(1.5, 0.6, true);
        break;
      case State.Starting:
        ground(0.3);
        break;
      case State.Running:
        ground(0.55);
        break;
      case State.Ready:
        ground(1);
        this.texture(pen, revision);
        break;
      case State.Failing:
        ground(0.16);
        stripes(1.5, 0.7, true);
        stripes(1.5, 0.7, false);
        break;
      case State.Ended:
        ground(0.12);
        pen.fillStyle = color;
        pen.fillRect(3, 3, 2, 2);
        pen.fillRect(11, 11, 2, 2);
        break;
      case State.Terminating:
        ground(0.1);
        stripes(3.5, 0.75, false);
        break;
    }
    return this.context.createPattern(tile, 'repeat');
  }

  /** Tells revisions apart where their colours do not. */
  private texture(pen: CanvasRenderingContext2D, revision: number): void {
    pen.globalAlpha = 0.38;
    pen.fillStyle = this.ink.onColor;
    pen.strokeStyle = this.ink.onColor;
    pen.lineWidth = 1.5;
    switch (revision < 0 ? 0 : revision % 6) {
      case 1:
        pen.fillRect(0, 0, 2, 16);
        pen.fillRect(8, 0, 2, 16);
        break;
      case 2:
        for (const [x, y] of [[2, 2], [10, 2], [6, 10], [14, 10]] as const) {
          pen.fillRect(x, y, 2, 2);
        }
        break;
      case 3:
        pen.fillRect(0, 3, 16, 1.5);
        pen.fillRect(0, 11, 16, 1.5);
        break;
      case 4:
        pen.fillRect(0, 0, 16, 1);
        pen.fillRect(0, 0, 1, 16);
        break;
      case 5:
        pen.beginPath();
        pen.moveTo(-2, 18);
        pen.lineTo(18, -2);
        pen.stroke();
        break;
      default:
        break;
    }
    pen.globalAlpha = 1;
  }
}
