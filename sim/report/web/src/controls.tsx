// Play, pause, steps, speed, the slider and the link.

import { useEffect, useState } from 'preact/hooks';
import { usePlayer } from './hooks.ts';
import type { Player } from './player.ts';
import { sinceStart } from './time.ts';

/** How finely the slider moves. */
const kSteps = 10_000;

export function Controls() {
  const player = usePlayer();
  const { run, axis, playing, instant } = player;
  const [copied, setCopied] = useState('');
  const position = Math.round((axis.position(instant) / axis.length) * kSteps);
  useShortcuts(player);
  const keys = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    const page = { PageDown: -0.1, PageUp: 0.1 }[event.key];
    if (step) player.step(step as 1 | -1);
    else if (page) player.goTo(axis.instant(axis.position(instant) + page * axis.length));
    else if (event.key === 'Home') player.goTo(0);
    else if (event.key === 'End') player.goTo(run.end);
    else return;
    event.preventDefault();
  };
  const copy = (event: MouseEvent) => {
    if (!navigator.clipboard) return;
    event.preventDefault();
    history.replaceState(null, '', player.hash);
    void navigator.clipboard.writeText(location.href).then(
      () => setCopied('copied'),
      () => setCopied('the address of this page leads here'),
    );
  };
  useEffect(() => setCopied(''), [instant]);
  return (
    <div class="controls" role="group" aria-label="Playing">
      <div class="buttons">
        <button type="button" aria-label="Previous event" title="Previous event (←)" onClick={() => player.step(-1)}>
          <Icon path="M6 5h2v14H6zM20 5v14l-10-7z" />
        </button>
        <button
          type="button"
          class="play"
          aria-label={playing ? 'Pause' : 'Play'}
          title={`${playing ? 'Pause' : 'Play'} (space)`}
          onClick={() => player.toggle()}
        >
          <Icon path={playing ? 'M6 5h4v14H6zM14 5h4v14h-4z' : 'M7 4v16l13-8z'} />
        </button>
        <button type="button" aria-label="Next event" title="Next event (→)" onClick={() => player.step(1)}>
          <Icon path="M4 5v14l10-7zM16 5h2v14h-2z" />
        </button>
        <label class="speed">
          <span class="unseen">Speed</span>
          <select
            value={String(player.speed)}
            onChange={(event) => player.setSpeed(Number(event.currentTarget.value))}
          >
            {player.speeds.map((speed) => (
              <option key={speed} value={String(speed)}>
                {speed}×
              </option>
            ))}
          </select>
        </label>
      </div>
      <input
        type="range"
        aria-label="Instant"
        min={0}
        max={kSteps}
        value={position}
        aria-valuetext={sinceStart(instant)}
        onKeyDown={keys}
        onInput={(event) =>
          player.goTo(axis.instant((Number(event.currentTarget.value) / kSteps) * axis.length))
        }
      />
      <output class="instant">
        {sinceStart(instant)} <span class="hint">of {sinceStart(run.end)}</span>
      </output>
      <a class="link" href={player.hash} title="The address of this instant" onClick={copy}>
        Link{copied !== '' ? `: ${copied}` : ''}
      </a>
      <Announcement player={player} />
    </div>
  );
}

const Icon = ({ path }: { path: string }) => (
  <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
    <path d={path} fill="currentColor" />
  </svg>
);

/** Says aloud where one has come to, when that stands still. */
function Announcement({ player }: { player: Player }) {
  const { run, instant, playing, moment } = player;
  const [text, setText] = useState('');
  useEffect(() => {
    if (playing) return undefined;
    const timer = setTimeout(() => {
      const event = run.lastEvent(moment);
      setText(
        sinceStart(instant) +
          (event < 0 ? '' : `: ${run.eventActor(event)}: ${run.eventText(event)}`),
      );
    }, 250);
    return () => clearTimeout(timer);
  }, [instant, playing, moment, run]);
  return (
    <p class="unseen" aria-live="polite" id="announcement">
      {text}
    </p>
  );
}

/** Space plays and pauses, arrows step, Home and End go there, where nothing else takes the keys. */
function useShortcuts(player: Player): void {
  useEffect(() => {
    const keys = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      const nowhere = target === document.body;
      // Buttons take Space, and nothing else: who has pressed one steps on from there.
      if (!nowhere && !target.closest('button, a')) return;
      if (event.key === ' ' && nowhere) player.toggle();
      else if (event.key === 'ArrowLeft') player.step(-1);
      else if (event.key === 'ArrowRight') player.step(1);
      else if (event.key === 'Home') player.goTo(0);
      else if (event.key === 'End') player.goTo(player.run.end);
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', keys);
    return () => document.removeEventListener('keydown', keys);
  }, [player]);
}
