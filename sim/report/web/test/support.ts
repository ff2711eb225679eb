// What tests need: the program, and pages that it writes.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { RawRun } from '../src/data.ts';

/** The program under test: the path in STSIM. */
export const program = resolve(process.env['STSIM'] ?? 'build/release/stsim');
/** The root of the sources. */
export const root = resolve(process.env['STSIM_ROOT'] ?? '../../..');

const folder = mkdtempSync(join(tmpdir(), 'stsim-page-'));

/** Writes the page of a scenario; gives its path. What does not hold in a scenario is no matter. */
export function pageOf(scenario: string, ...options: string[]): string {
  const name = scenario.replaceAll(/[^a-z0-9]+/gi, '-') + options.join('');
  const path = join(folder, `${name}.html`);
  execFileSync(program, ['report', scenario, '-o', path, ...options], { stdio: 'pipe' });
  return path;
}

/** The data that a page carries. */
export function dataOf(path: string): RawRun {
  const found = /id="run">(.*?)<\/script>/s.exec(readFileSync(path, 'utf8'));
  return JSON.parse(found?.[1] ?? '') as RawRun;
}

/** The cells of what `kubectl get` prints: columns begin where their headers do. */
export function cellsOf(printed: string): string[][] {
  const lines = printed.replace(/\n$/, '').split('\n');
  const header = lines[0] ?? '';
  const begins = [...header.matchAll(/(?:^|(?<= {3}))\S/g)].map((match) => match.index);
  return lines.map((line) =>
    begins.map((begin, i) => line.slice(begin, begins[i + 1] ?? line.length).trim()),
  );
}
