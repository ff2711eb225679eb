// Reads the run that the page carries, and shows it.

import { render } from 'preact';
import { App } from './app.tsx';
import type { RawRun } from './data.ts';
import { Player } from './player.ts';
import { Run } from './run.ts';

const data = document.getElementById('run')?.textContent ?? '';
const raw = JSON.parse(data) as RawRun;
const page = document.getElementById('page')!;
if (raw.format === 1) {
  const run = new Run(raw);
  const player = new Player(run);
  document.title = `${run.scenario} – stsim`;
  render(<App player={player} />, page);
  window.addEventListener('hashchange', () => player.follow());
} else {
  page.textContent = 'This page carries no run. Make one with: stsim report FILE -o page.html';
}
