// What the user did, with what was printed, and everything that happened.

import { memo } from 'preact/compat';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { usePanel } from './hooks.ts';
import { commandNumbers } from './lanes.tsx';
import type { Player } from './player.ts';
import { useWindow } from './rows.tsx';
import type { Run } from './run.ts';
import { sinceStart } from './time.ts';

/** The last step that has begun, or -1. */
function stepAt(run: Run, moment: number): number {
  let out = -1;
  run.steps.forEach((step, i) => {
    if (step.at <= moment) out = i;
  });
  return out;
}

export function Story() {
  const panel = useRef<HTMLDivElement>(null);
  const player = usePanel(panel);
  return (
    <div class="column" ref={panel}>
      <Steps player={player} current={stepAt(player.run, player.moment)} />
    </div>
  );
}

const Steps = memo(function Steps({ player, current }: { player: Player; current: number }) {
  const { run } = player;
  const numbers = commandNumbers(run);
  const list = useRef<HTMLOListElement>(null);
  useLayoutEffect(() => {
    const element = list.current;
    const item = element?.querySelector<HTMLElement>('[aria-current]');
    if (element && item) {
      element.scrollTop = item.offsetTop - element.clientHeight / 3;
    }
  }, [current]);
  const step = run.steps[current];
  const output = step ? `${step.out ?? ''}${step.err ?? ''}` : '';
  return (
    <section class="card story" aria-label="What was done">
      <h2>What was done</h2>
      <ol ref={list} class="steps" tabIndex={0} aria-label="Steps">
        {run.steps.map((one, i) => (
          <li key={i} aria-current={i === current ? 'step' : undefined} class={one.command ? '' : 'pause'}>
            <button type="button" onClick={() => player.goTo(run.moments[one.at]!)}>
              <span class="number">{numbers.get(i) ?? ''}</span>
              <span class="prompt">
                {one.out === undefined ? '' : '$ '}
                {one.prompt}
              </span>
              <span class={one.trouble || (one.exit ?? 0) !== 0 ? 'sign bad' : 'sign'}>
                {one.trouble ? 'does not hold' : (one.exit ?? 0) !== 0 ? `exit ${one.exit}` : ''}
              </span>
            </button>
          </li>
        ))}
      </ol>
      {step && (output !== '' || step.trouble) && (
        <pre class="output" tabIndex={0} aria-label="Output of the step">
          {output}
          {step.trouble ?? ''}
        </pre>
      )}
    </section>
  );
});

const kEvent = 44;

export function Events() {
  const panel = useRef<HTMLDivElement>(null);
  const player = usePanel(panel);
  const { run, moment, instant } = player;
  return (
    <div class="column" ref={panel}>
      <EventList
        player={player}
        last={run.lastEvent(moment)}
        now={run.moments[moment] === instant ? moment : -1}
      />
    </div>
  );
}

/** `last`: the last event so far; `now`: the moment whose events have just happened. */
const EventList = memo(function EventList(props: { player: Player; last: number; now: number }) {
  const { player, last, now } = props;
  const { run } = player;
  const box = useRef<HTMLDivElement>(null);
  const { first, last: end } = useWindow(box, run.events, kEvent);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const top = Math.max(last, 0) * kEvent;
    if (top < element.scrollTop || top + kEvent > element.scrollTop + element.clientHeight) {
      element.scrollTop = top - element.clientHeight / 2;
    }
  }, [last]);
  const keys = (event: KeyboardEvent) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (by) {
      event.preventDefault();
      player.step(by as 1 | -1);
    }
  };
  const rows = [];
  for (let i = first; i < end; ++i) {
    const rule = run.eventRule(i);
    rows.push(
      <div
        key={i}
        id={`event-${i}`}
        role="option"
        aria-selected={i === last}
        aria-setsize={run.events}
        aria-posinset={i + 1}
        class={`event ${run.eventLook(i)} ${run.eventAt[i] === now ? 'now' : i > last ? 'later' : ''}`}
        style={{ top: `${i * kEvent}px` }}
        title={run.eventText(i)}
        onClick={() => player.goTo(run.eventTime(i))}
      >
        <span class="event-head">
          <b>{sinceStart(run.eventTime(i))}</b> {run.eventActor(i)}
          {rule !== '' && <span class="rule"> {rule}</span>}
        </span>
        <span class="event-text">{run.eventText(i)}</span>
      </div>,
    );
  }
  return (
    <section class="card events" aria-label="What happened">
      <h2>
        What happened <span class="hint">{run.events.toLocaleString('en')} events</span>
      </h2>
      <div
        class="event-list"
        ref={box}
        role="listbox"
        tabIndex={0}
        aria-label="Events; up and down go to the one before and the next"
        aria-activedescendant={last >= first && last < end ? `event-${last}` : undefined}
        onKeyDown={keys}
      >
        <div role="presentation" style={{ height: `${run.events * kEvent}px` }}>
          {rows}
        </div>
      </div>
    </section>
  );
});
