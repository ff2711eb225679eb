// The lanes: a picture of all pods over the whole run, with the instant as a line through it. The
// names of the pods beside it are a list that can be walked through by keyboard and is read aloud.

import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { memo } from 'preact/compat';
import { usePlayer, useSize, useThemeName } from './hooks.ts';
import { kGroupTitle, laneAt, laneHeights, layoutOf, type Layout } from './layout.ts';
import { clusters, kTickRoom, Painter, ticksOf } from './paint.ts';
import { inkOf, Patterns } from './palette.ts';
import { nameOf, type Player } from './player.ts';
import type { Axis } from './fold.ts';
import type { Run } from './run.ts';
import { sinceStart, tick, tickStep } from './time.ts';
import { isHeld, isWanted } from './why.ts';

/** How many lanes there can be that can still be read without much scrolling. */
const kFew = 40;
const kMarkRoom = 28;
const kZooms = [1, 2, 4, 8, 16, 32, 64, 128];

export function Lanes() {
  const player = usePlayer();
  const { run, axis } = player;
  const theme = useThemeName();
  const outer = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(outer);
  const many = run.pods.length > kFew;
  const [overview, setOverview] = useState(many);
  const [zoom, setZoom] = useState(1);
  const [scroll, setScroll] = useState({ left: 0, top: 0 });
  const heights = laneHeights(run.pods.length);
  const laneHeight = overview ? heights.overview : heights.readable;
  const layout = useMemo(() => layoutOf(run, laneHeight), [run, laneHeight]);
  const labels = size.width < 600 ? 84 : 176;
  const width = Math.max(size.width - labels, 10);
  // The last command's mark needs some room, too.
  const whole = Math.max(width - kMarkRoom, 10) * zoom;
  const scale = whole / axis.length;
  const cursor = axis.position(player.instant) * scale;

  // A run whose many lanes do not fit is looked at from ordinal 0, which is at the bottom.
  useLayoutEffect(() => {
    if (outer.current) outer.current.scrollTop = layout.height;
  }, [layout]);

  const patterns = useRef<{ theme: string; made: Patterns } | null>(null);
  useLayoutEffect(() => {
    const element = canvas.current;
    const pen = element?.getContext('2d');
    if (!element || !pen || width <= 10) return;
    if (patterns.current?.theme !== theme) {
      patterns.current = { theme, made: new Patterns(inkOf(element), pen) };
    }
    const density = window.devicePixelRatio || 1;
    const height = Math.max(size.height, 40);
    element.width = Math.round(width * density);
    element.height = Math.round(height * density);
    pen.setTransform(density, 0, 0, density, 0, 0);
    const view = { width, height, scrollTop: scroll.top, scrollLeft: scroll.left, whole };
    new Painter(run, axis, layout, view, pen, patterns.current.made).paint();
  }, [run, axis, layout, width, size.height, whole, scroll, theme]);

  // The instant stays in sight.
  useEffect(() => {
    const element = outer.current;
    if (element && zoom > 1 && (cursor < element.scrollLeft || cursor > element.scrollLeft + width)) {
      element.scrollLeft = Math.max(0, cursor - width / 4);
    }
  }, [cursor, zoom, width]);

  const drag = (event: PointerEvent) => {
    const element = outer.current;
    if (!element || (event.type === 'pointermove' && (event.buttons & 1) === 0)) return;
    const box = element.getBoundingClientRect();
    const x = event.clientX - box.left - labels;
    if (x < 0) return;
    player.goTo(axis.instant((x + element.scrollLeft) / scale));
    if (event.type === 'pointerdown') {
      (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
      const lane = laneAt(layout, event.clientY - box.top + element.scrollTop);
      if (lane) player.select(lane.pod);
    }
  };

  return (
    <section class="card lanes" aria-label="Pods over time">
      <div class="lanes-head">
        <h2>Pods</h2>
        <span class="hint">ordinals from 0 at the bottom up; touch or drag to choose an instant</span>
        <span class="space" />
        {many && (
          <button type="button" aria-pressed={overview} onClick={() => setOverview(!overview)}>
            All at once
          </button>
        )}
        {player.folds && (
          <button
            type="button"
            aria-pressed={player.folded}
            title="Long stretches in which nothing happens are shown shorter than they are"
            onClick={() => player.setFolded(!player.folded)}
          >
            Fold quiet times
          </button>
        )}
        <button
          type="button"
          aria-label="Show a longer time"
          disabled={zoom === 1}
          onClick={() => setZoom(kZooms[kZooms.indexOf(zoom) - 1] ?? 1)}
        >
          −
        </button>
        <button
          type="button"
          aria-label="Show a shorter time"
          disabled={zoom === kZooms.at(-1)}
          onClick={() => setZoom(kZooms[kZooms.indexOf(zoom) + 1] ?? zoom)}
        >
          +
        </button>
      </div>
      <Ruler run={run} axis={axis} whole={whole} labels={labels} left={scroll.left} player={player} />
      <div
        class="lanes-view"
        ref={outer}
        style={{ height: `min(${layout.height + 2}px, ${overview ? '62vh' : '56vh'})` }}
        onScroll={() => {
          const element = outer.current;
          if (element) setScroll({ left: element.scrollLeft, top: element.scrollTop });
        }}
      >
        <div class="lanes-space" style={{ width: `${labels + whole + kMarkRoom}px`, height: `${layout.height}px` }}>
          <div class="layer">
            <canvas
              ref={canvas}
              role="img"
              aria-label={`${run.pods.length} pods from the beginning to ${sinceStart(run.end)}. The list of pods beside it, the tables and the list of events below say the same.`}
              style={{ left: `${labels}px`, width: `${width}px`, height: `${Math.max(size.height, 40)}px` }}
              onPointerDown={drag}
              onPointerMove={drag}
            />
          </div>
          <div class="cursor" style={{ transform: `translateX(${labels + cursor}px)` }} />
          <div class="layer through">
            <Names layout={layout} width={labels} top={scroll.top} height={size.height} player={player} />
          </div>
        </div>
      </div>
    </section>
  );
}

/** Ticks of time, and above them a mark for each command of the user. */
const Ruler = memo(function Ruler(props: {
  run: Run;
  axis: Axis;
  whole: number;
  labels: number;
  left: number;
  player: Player;
}) {
  const { run, axis, whole, labels, left, player } = props;
  const step = tickStep((kTickRoom * axis.length) / whole);
  const ticks = useMemo(() => ticksOf(axis, whole, step, run.end), [axis, whole, step, run]);
  const marks = useMemo(() => clusters(run, axis, whole, 24), [run, axis, whole]);
  const numbers = useMemo(() => commandNumbers(run), [run]);
  return (
    <div class="ruler" style={{ marginLeft: `${labels}px` }}>
      <div class="ruler-inner" style={{ transform: `translateX(${-left}px)`, width: `${whole + kMarkRoom}px` }}>
        {marks.map(({ x, steps }) => {
          const [first, last] = [steps[0]!, steps.at(-1)!];
          const words = steps.map((i) => run.steps[i]!.prompt).join('; ');
          return (
            <button
              key={first}
              type="button"
              class="mark"
              style={{ left: `${x}px` }}
              title={words}
              aria-label={`Go to command ${numbers.get(first)}: ${words}`}
              onClick={() => player.goTo(run.moments[run.steps[first]!.at]!)}
            >
              {numbers.get(first)}
              {first === last ? '' : '…'}
            </button>
          );
        })}
        {ticks.map((instant) => (
          <span key={instant} class="tick" aria-hidden="true" style={{ left: `${axis.position(instant) * (whole / axis.length)}px` }}>
            {tick(instant, step)}
          </span>
        ))}
      </div>
    </div>
  );
});

/** Commands counted from 1, by step. */
export function commandNumbers(run: Run): Map<number, number> {
  const out = new Map<number, number>();
  run.steps.forEach((step, i) => {
    if (step.command) out.set(i, out.size + 1);
  });
  return out;
}

/** What a pod is like at an instant, in words. */
function words(player: Player, pod: number): { state: string; detail: string; held: boolean } {
  const { run, instant, moment } = player;
  const of = run.pods[pod]!;
  const span = run.spanAt(pod, instant);
  const shape = run.shapeAt(of.set, moment);
  if (span < 0) {
    const wanted = isWanted(shape, of.ordinal);
    return { state: wanted ? 'missing' : '', detail: '', held: false };
  }
  return {
    state: run.stateName(run.spanState(span)),
    detail: run.spanDetail(span),
    held: isHeld(shape, of.ordinal, run.spanRevision(span)),
  };
}

function Names(props: {
  layout: Layout;
  width: number;
  top: number;
  height: number;
  player: Player;
}) {
  const { layout, width, top, height, player } = props;
  const { run } = player;
  const lanes = layout.lanes;
  // Where lanes are too low for a name each, some are named, and the one that is chosen.
  const every = Math.max(1, Math.ceil(18 / layout.laneHeight));
  const chosen = lanes.findIndex((lane) => lane.pod === player.pod);
  const shown = lanes
    .map((lane, i) => ({ lane, i }))
    .filter(
      ({ lane, i }) =>
        (i === chosen ||
          (run.pods[lane.pod]!.ordinal % every === 0 &&
            (chosen < 0 || Math.abs(lane.top - lanes[chosen]!.top) >= 18 || every === 1))) &&
        lane.top > top - 40 &&
        lane.top < top + height + 40,
    );
  const keys = (event: KeyboardEvent) => {
    const by = { ArrowUp: -1, ArrowDown: 1, PageUp: -10, PageDown: 10 }[event.key];
    const to =
      event.key === 'Home' ? 0
      : event.key === 'End' ? lanes.length - 1
      : by === undefined ? null
      : Math.min(Math.max((chosen < 0 ? (by > 0 ? -1 : lanes.length) : chosen) + by, 0), lanes.length - 1);
    if (event.key === 'Escape') player.select(null);
    if (to === null) return;
    event.preventDefault();
    const lane = lanes[to];
    if (!lane) return;
    player.select(lane.pod);
    const view = (event.currentTarget as HTMLElement).closest('.lanes-view');
    if (view) {
      if (lane.top < view.scrollTop + kGroupTitle) view.scrollTop = lane.top - kGroupTitle;
      const low = lane.top + layout.laneHeight - view.clientHeight + 8;
      if (low > view.scrollTop) view.scrollTop = low;
    }
  };
  return (
    <div class="names" style={{ width: `${width}px`, height: `${layout.height}px` }}>
      {layout.groups.map((group) => (
        <div class="group-title" key={group.set} style={{ top: `${group.top}px` }}>
          <GroupTitle player={player} set={group.set} title={group.title} narrow={width < 100} />
        </div>
      ))}
      <div
        role="listbox"
        aria-label="Pods, the highest ordinal first"
        tabIndex={0}
        aria-activedescendant={chosen >= 0 ? `lane-${lanes[chosen]!.pod}` : undefined}
        onKeyDown={keys}
      >
        {shown.map(({ lane, i }) => {
          const pod = run.pods[lane.pod]!;
          const { state, detail, held } = words(player, lane.pod);
          return (
            <div
              key={lane.pod}
              id={`lane-${lane.pod}`}
              role="option"
              aria-selected={i === chosen}
              aria-setsize={lanes.length}
              aria-posinset={i + 1}
              class={`name ${state}`}
              style={{
                top: `${lane.top + (every > 1 ? Math.min(0, layout.laneHeight - 18) / 2 : 0)}px`,
                height: `${Math.max(layout.laneHeight, 18)}px`,
              }}
              onClick={() => player.select(i === chosen ? null : lane.pod)}
            >
              <b>{nameOf(pod)}</b>
              <span class={width < 100 ? 'hidden' : 'state'}>
                {detail || state}
                {held ? ', held' : ''}
              </span>
            </div>
          );
        })}
      </div>
    </div>
  );
}

function GroupTitle(props: { player: Player; set: number; title: string; narrow: boolean }) {
  const { player, set, title, narrow } = props;
  const shape = player.run.shapeAt(set, player.moment);
  return (
    <>
      <b>{title}</b>
      {shape && !narrow && (
        <span>
          {' '}
          {shape.replicas} wanted
        </span>
      )}
    </>
  );
}
