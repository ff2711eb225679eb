// The data of a page as the file has them (`page_data` in include/stsim/report/page.hpp). Columns
// are arrays of the same length; `at` columns count moments, each from the one before.

export interface RawTable {
  command: string;
  names: string[];
  /** Numbers of strings. */
  namespaces: number[];
  columns: { header: string; wide: boolean; at: number[]; row: number[]; text: number[] }[];
  /** `end` is a moment, or -1 for a row that is still there at the end. */
  lives: { row: number[]; begin: number[]; end: number[] };
}

export interface RawShape {
  at: number;
  there: boolean;
  replicas?: number;
  first?: number;
  partition?: number;
  parallel?: boolean;
  strategy?: string;
  current?: number;
  update?: number;
}

export interface RawStep {
  at: number;
  end: number;
  prompt: string;
  /** Something that the user does, and no expectation or pause. */
  command: boolean;
  event: number;
  out?: string;
  err?: string;
  exit?: number;
  trouble?: string;
}

export interface RawSummary {
  holds: boolean;
  failed: number;
  refused: number;
  cutShort: boolean;
  broken: string;
  others: {
    hope: boolean;
    source: string;
    text: string;
    first: string;
    time: number;
    times: number;
  }[];
}

export interface RawRun {
  format: number;
  scenario: string;
  /** What the run is about. */
  about: string;
  kubernetes: string;
  end: number;
  inAll: number;
  wholeEnd: number;
  moments: number[];
  strings: string[];
  objects: { kind: number[]; namespace: number[]; name: string[] };
  events: {
    at: number[];
    actor: number[];
    object: number[];
    text: number[];
    rule: number[];
    look: number[];
    cause: number[];
    actors: string[];
    rules: string[];
  };
  spans: {
    at: number[];
    end: number[];
    pod: number[];
    state: number[];
    revision: number[];
    open: number[];
    detail: number[];
    event: number[];
    states: string[];
  };
  pods: { object: number[]; set: number[]; ordinal: number[]; claims: string[][] };
  sets: { name: string; namespace: number; shapes: RawShape[] }[];
  revisions: { name: string; images: string }[];
  reasons: {
    at: number[];
    end: number[];
    object: number[];
    look: number[];
    text: number[];
    rule: number[];
  };
  /** `end` is -1 for what holds to the end. */
  why: { at: number; end: number; objects: number[]; text: string }[];
  tables: RawTable[];
  dns: RawTable;
  volumes: Record<string, string>;
  steps: RawStep[];
  summary: RawSummary;
}
