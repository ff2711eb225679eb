// What shapes and colours mean.

import { useLayoutEffect, useRef } from 'preact/hooks';
import { memo } from 'preact/compat';
import { useThemeName } from './hooks.ts';
import { inkOf, Patterns } from './palette.ts';
import { State, type Run } from './run.ts';

const states: readonly [State, string][] = [
  [State.Pending, 'pending'],
  [State.Pulling, 'pulling'],
  [State.Starting, 'starting'],
  [State.Running, 'running, not ready'],
  [State.Ready, 'ready'],
  [State.Terminating, 'terminating'],
  [State.Failing, 'failing'],
  [State.Ended, 'ended'],
];

export const Legend = memo(function Legend({ run }: { run: Run }) {
  const used = new Set<State>();
  for (let span = 0; span < run.spanBegin.length; ++span) used.add(run.spanState(span));
  return (
    <div class="legend">
      <ul aria-label="Revisions">
        {run.revisions.map((revision, i) => (
          <li key={i}>
            <Swatch state={State.Ready} revision={i} letter={revision.letter} /> {revision.name}{' '}
            <span class="dim">{revision.images}</span>
          </li>
        ))}
      </ul>
      <ul aria-label="States">
        {states
          .filter(([state]) => used.has(state))
          .map(([state, words]) => (
            <li key={state}>
              <Swatch state={state} revision={0} letter="" /> {words}
            </li>
          ))}
      </ul>
    </div>
  );
});

function Swatch(props: { state: State; revision: number; letter: string }) {
  const { state, revision, letter } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useThemeName();
  useLayoutEffect(() => {
    const element = canvas.current;
    const pen = element?.getContext('2d');
    if (!element || !pen) return;
    const density = window.devicePixelRatio || 1;
    element.width = 30 * density;
    element.height = 16 * density;
    pen.setTransform(density, 0, 0, density, 0, 0);
    const patterns = new Patterns(inkOf(element), pen);
    pen.fillStyle = patterns.fill(state, revision);
    pen.fillRect(0, 0, 30, 16);
    pen.strokeStyle = state === State.Failing ? patterns.ink.alarm : patterns.color(revision);
    pen.setLineDash(state === State.Pending ? [2, 2] : []);
    pen.strokeRect(0.5, 0.5, 29, 15);
    pen.font = '700 11px system-ui, sans-serif';
    pen.textBaseline = 'middle';
    pen.fillStyle = patterns.ink.onColor;
    pen.fillText(letter, 4, 8.5);
  }, [state, revision, letter, theme]);
  return <canvas ref={canvas} class="swatch" aria-hidden="true" />;
}
