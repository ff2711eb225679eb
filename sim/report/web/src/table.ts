// A table of kubectl's over the length of a run.

import { cellAt } from './age.ts';
import { Grouped, summed } from './columns.ts';
import type { RawTable } from './data.ts';

export interface Column {
  header: string;
  wide: boolean;
}

export class Table {
  readonly command: string;
  readonly names: readonly string[];
  readonly namespaces: readonly string[];
  readonly columns: readonly Column[];
  private readonly cells: { at: Float64Array; text: readonly number[]; byRow: Grouped }[];
  private readonly lives: { begin: Float64Array; end: readonly number[]; byRow: Grouped };
  /** Rows as kubectl lists them: by namespace and name, bytewise. */
  private readonly order: number[];
  private shown: { moment: number; rows: number[] } = { moment: NaN, rows: [] };

  constructor(
    raw: RawTable,
    private readonly strings: readonly string[],
  ) {
    this.command = raw.command;
    this.names = raw.names;
    this.namespaces = raw.namespaces.map((ns) => strings[ns] ?? '');
    this.columns = raw.columns.map(({ header, wide }) => ({ header, wide }));
    this.cells = raw.columns.map(({ at, row, text }) => ({
      at: summed(at),
      text,
      byRow: new Grouped(row, raw.names.length),
    }));
    const { row, begin, end } = raw.lives;
    this.lives = { begin: summed(begin), end, byRow: new Grouped(row, raw.names.length) };
    const key = (i: number) => `${this.namespaces[i]}\0${this.names[i]}`;
    const keys = raw.names.map((_, i) => key(i));
    this.order = raw.names.map((_, i) => i);
    this.order.sort((a, b) => (keys[a]! < keys[b]! ? -1 : keys[a]! > keys[b]! ? 1 : 0));
  }

  /** Whether a row is there at a moment. */
  there(row: number, moment: number): boolean {
    const life = this.lives.byRow.lastUpTo(row, this.lives.begin, moment);
    const end = life < 0 ? 0 : this.lives.end[life]!;
    return life >= 0 && (end < 0 || end > moment);
  }

  /** The rows that are there at a moment, in kubectl's order. */
  rowsAt(moment: number): number[] {
    if (this.shown.moment !== moment) {
      this.shown = { moment, rows: this.order.filter((row) => this.there(row, moment)) };
    }
    return this.shown.rows;
  }

  /** What a cell says at a moment and instant. */
  cell(row: number, column: number, moment: number, instant: number): string {
    const cells = this.cells[column]!;
    const change = cells.byRow.lastUpTo(row, cells.at, moment);
    return change < 0 ? '' : cellAt(this.strings[cells.text[change]!] ?? '', instant);
  }

  /** Whether a cell says something else since exactly this moment. */
  isNew(row: number, column: number, moment: number): boolean {
    const cells = this.cells[column]!;
    const change = cells.byRow.lastUpTo(row, cells.at, moment);
    return change >= 0 && cells.at[change] === moment;
  }

  /** The column under a header, or -1. */
  column(header: string): number {
    return this.columns.findIndex((column) => column.header === header);
  }
}
