// The whole page.

import { useState } from 'preact/hooks';
import { Controls } from './controls.tsx';
import { PlayerContext } from './hooks.ts';
import { Lanes } from './lanes.tsx';
import { Legend } from './legend.tsx';
import type { Player } from './player.ts';
import { Reasons } from './reasons.tsx';
import type { Run } from './run.ts';
import { Storage } from './storage.tsx';
import { Events, Story } from './story.tsx';
import { hasOthers, KubectlTable, Names } from './tables.tsx';
import { ThemeSwitch } from './theme.tsx';
import { inShort, sinceStart } from './time.ts';

export function App({ player }: { player: Player }) {
  const { run } = player;
  const [wide, setWide] = useState(false);
  const [allNamespaces, setAllNamespaces] = useState(false);
  const asked = { wide, allNamespaces };
  const table = (end: string) => run.tables.find(({ command }) => command.endsWith(end))!;
  return (
    <PlayerContext.Provider value={player}>
      <header>
        <div>
          <h1>{run.scenario}</h1>
          {run.about !== '' && <p class="about">{run.about}</p>}
          <p class="dim">
            Kubernetes {run.kubernetes}, {inShort(run.end)} of virtual time
          </p>
        </div>
        <ThemeSwitch />
      </header>
      <main>
        <Findings run={run} />
        <Controls />
        <Lanes />
        <Legend run={run} />
        <div class="panels">
          <div class="column">
            <Reasons />
            <Story />
            <Events />
          </div>
          <div class="column">
            <div class="table-options" role="group" aria-label="Tables">
              <label>
                <input type="checkbox" checked={wide} onChange={() => setWide(!wide)} /> -o wide
              </label>
              {hasOthers(run) && (
                <label>
                  <input
                    type="checkbox"
                    checked={allNamespaces}
                    onChange={() => setAllNamespaces(!allNamespaces)}
                  />{' '}
                  -A
                </label>
              )}
            </div>
            <KubectlTable table={table(' statefulsets')} asked={asked} />
            <KubectlTable table={table(' pods')} asked={asked} maxRows={14} />
            <Storage />
            <KubectlTable table={table(' pvc')} asked={asked} maxRows={8} />
            <KubectlTable table={table(' pv')} asked={asked} maxRows={8} />
            <Names />
            <KubectlTable table={table(' controllerrevisions')} asked={asked} maxRows={6} />
            <KubectlTable table={table(' services')} asked={asked} maxRows={6} />
            <KubectlTable table={table(' nodes')} asked={asked} maxRows={6} />
          </div>
        </div>
      </main>
    </PlayerContext.Provider>
  );
}

/** What did not hold in the run, and what is not on the page. */
function Findings({ run }: { run: Run }) {
  const { summary, leftOut } = run;
  const lines: string[] = [];
  if (summary.broken !== '') lines.push(`A guarantee is broken: ${summary.broken}`);
  if (summary.failed > 0) lines.push('An expectation does not hold: see what was done.');
  if (summary.cutShort) lines.push('The run was ended before it came to its end.');
  for (const other of summary.others) {
    lines.push(
      `${other.hope ? 'A hope was broken' : 'Note'} (${other.source}): ${other.text}; first at ` +
        `${sinceStart(other.time)}: ${other.first}` +
        (other.times > 1 ? `, and ${other.times - 1} more` : ''),
    );
  }
  if (leftOut) {
    lines.push(
      `The run is too long for a page: it is shown up to ${sinceStart(run.end)}. What comes after, ` +
        `to ${sinceStart(leftOut.until)}, is left out: ${leftOut.events.toLocaleString('en')} events.`,
    );
  }
  if (lines.length === 0) return null;
  return (
    <ul class={`findings ${summary.holds ? '' : 'bad'}`} aria-label="Findings">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
