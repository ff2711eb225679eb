// Why each pod is where it is.

import { useMemo, useRef } from 'preact/hooks';
import { usePanel } from './hooks.ts';
import { nameOf, type Player } from './player.ts';
import { Rows } from './rows.tsx';
import type { Pod, Run } from './run.ts';
import { sinceStart } from './time.ts';
import { boundary, chain, isWanted, whyOf, type Why } from './why.ts';

/** What stands before a text, so that one sees where it comes from. */
const signs = { waits: 'waits: ', partition: 'held: ', event: '', nothing: '' } as const;

const ruled = (why: Why) => why.text + (why.rule === '' ? '' : `  [${why.rule}]`);

/** Those of `pods` that there are or should be at an instant. */
function podsAt(run: Run, pods: readonly Pod[], instant: number, moment: number): number[] {
  const shapes = run.sets.map((_, set) => run.shapeAt(set, moment));
  return pods
    .filter(
      (pod) =>
        run.spanAt(pod.index, instant) >= 0 || isWanted(shapes[pod.set] ?? null, pod.ordinal),
    )
    .map((pod) => pod.index);
}

/** Ready-made explanations: those about the chosen pod where there are any, else all. */
function explanations({ run, moment, pod }: Player): { text: string; from: number }[] {
  const of = pod === null ? [] : run.explanations(moment, run.pods[pod]!.object);
  return of.length > 0 ? of : run.explanations(moment);
}

export function Reasons() {
  const panel = useRef<HTMLElement>(null);
  const player = usePanel(panel);
  const { run, instant, moment } = player;
  const inOrder = useMemo(
    () => [...run.pods].sort((a, b) => a.set - b.set || a.ordinal - b.ordinal),
    [run],
  );
  const pods = podsAt(run, inOrder, instant, moment);
  const state = (pod: number) => {
    const span = run.spanAt(pod, instant);
    if (span < 0) return 'missing';
    const detail = run.spanDetail(span);
    return detail || run.stateName(run.spanState(span));
  };
  const revision = (pod: number) => {
    const span = run.spanAt(pod, instant);
    return span < 0 ? '' : (run.revisions[run.spanRevision(span)]?.letter ?? '');
  };
  return (
    <section class="card reasons" aria-label="Why" ref={panel}>
      <h2>Why each pod is where it is</h2>
      {run.sets.map((set, i) => (
        <SetSummary key={i} player={player} index={i} title={set.name} />
      ))}
      {explanations(player).map(({ text, from }) => (
        <pre key={text} class="explained" tabIndex={0} aria-label="What is stuck, and what helps">
          {`Since ${sinceStart(from)}, as stsim why says it for that moment:\n${text.trimEnd()}`}
        </pre>
      ))}
      {player.pod !== null && <PodInFull player={player} pod={player.pod} />}
      <Rows
        command="Why each pod is where it is"
        headers={['POD', 'REV', 'IS', 'BECAUSE']}
        count={pods.length}
        keyOf={(row) => pods[row]!}
        cells={(row) => {
          const pod = pods[row]!;
          const why = whyOf(run, pod, instant, moment)[0]!;
          return [
            { text: nameOf(run.pods[pod]!), class: 'first' },
            { text: revision(pod), class: `rev-${run.spanRevision(run.spanAt(pod, instant)) % 6}` },
            { text: state(pod), class: state(pod) === 'ready' ? '' : 'strong' },
            { text: signs[why.from] + ruled(why), class: why.from === 'event' ? 'dim' : '' },
          ];
        }}
        empty="No pods are there, and none are wanted."
        onPick={(row) => player.select(pods[row] === player.pod ? null : pods[row]!)}
        isChosen={(row) => pods[row] === player.pod}
        wraps
      />
    </section>
  );
}

/** What a set wants, and what its partition means now. */
function SetSummary(props: { player: Player; index: number; title: string }) {
  const { index, title } = props;
  const { run, instant, moment } = props.player;
  const shape = run.shapeAt(index, moment);
  if (!shape) return null;
  const letter = (revision: number) => run.revisions[revision]?.letter ?? '–';
  const first = boundary(shape);
  const last = shape.first + shape.replicas - 1;
  const rolling = shape.update !== shape.current && shape.update >= 0 && shape.current >= 0;
  let text = `${shape.replicas} ${shape.replicas === 1 ? 'pod' : 'pods'} wanted`;
  if (shape.strategy === 'OnDelete') {
    text += rolling ? `; ${letter(shape.update)} reaches a pod only when somebody deletes it` : '';
  } else if (rolling) {
    text += `; update from ${letter(shape.current)} to ${letter(shape.update)}`;
    if (shape.strategy === 'RollingUpdate' && shape.partition > 0) {
      text +=
        first > last
          ? `, which the partition ${shape.partition} keeps from all pods`
          : `: partition ${shape.partition} lets it reach ` +
            (first === last ? `ordinal ${first}` : `ordinals ${first} to ${last}`) +
            ` and keeps ${letter(shape.current)} for those below`;
    } else {
      text += ', from the highest ordinal down';
    }
  } else if (shape.update >= 0) {
    const others = run.pods.filter((pod) => {
      const span = pod.set === index ? run.spanAt(pod.index, instant) : -1;
      return span >= 0 && run.spanRevision(span) !== shape.update;
    });
    text +=
      `, ${others.length === 0 ? 'all at' : 'to be at'} revision ${letter(shape.update)}` +
      (others.length === 0 ? ''
      : others.length === 1 ? `, which ${others[0]!.name} is not`
      : `, which ${others.length} pods are not`);
    if (shape.partition > 0) text += `; partition ${shape.partition}`;
  }
  return (
    <p class="set-summary">
      <b>{title}</b> {text}
    </p>
  );
}

/** All that is to be said of the chosen pod, with what led to it. */
function PodInFull({ player, pod }: { player: Player; pod: number }) {
  const { run, instant, moment } = player;
  const of = run.pods[pod]!;
  const all = whyOf(run, pod, instant, moment);
  const event = all.find((why) => why.event >= 0)?.event ?? -1;
  return (
    <div class="in-full">
      <div class="in-full-head">
        <h3>{nameOf(of)}</h3>
        <button type="button" aria-label={`Close ${nameOf(of)}`} onClick={() => player.select(null)}>
          ×
        </button>
      </div>
      <ul>
        {all
          .filter((why) => why.from !== 'event')
          .map((why, i) => (
            <li key={i}>
              {signs[why.from] + ruled(why)}
            </li>
          ))}
      </ul>
      {event >= 0 && (
        <>
          <h4>What happened to it last, and what led there</h4>
          <ol class="chain">
            {chain(run, event).map((at) => (
              <li key={at}>
                <button type="button" class="to" onClick={() => player.goTo(run.eventTime(at))}>
                  {sinceStart(run.eventTime(at))}
                </button>{' '}
                <span class="dim">{run.eventActor(at)}</span> {run.eventText(at)}
                {run.eventRule(at) !== '' && <span class="rule"> {run.eventRule(at)}</span>}
              </li>
            ))}
          </ol>
        </>
      )}
    </div>
  );
}
