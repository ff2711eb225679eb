// Small hooks that several parts use.

import { createContext } from 'preact';
import { useContext, useEffect, useLayoutEffect, useReducer, useState } from 'preact/hooks';
import type { RefObject } from 'preact';
import type { Player } from './player.ts';

export const PlayerContext = createContext<Player | null>(null);

/** The player; the part is drawn again whenever what it shows changes. */
export function usePlayer(): Player {
  const player = useContext(PlayerContext);
  if (!player) throw new Error('no player');
  const [, again] = useReducer((n: number) => n + 1, 0);
  useEffect(() => player.subscribe(() => again(undefined as never)), [player]);
  return player;
}

/**
 * The player, for a panel in `ref`: it is drawn again at once while it can be seen, and else when
 * the player has come to a halt. So a drag through a long run costs what is in sight.
 */
export function usePanel(ref: RefObject<HTMLElement>): Player {
  const player = useContext(PlayerContext);
  if (!player) throw new Error('no player');
  const [, again] = useReducer((n: number) => n + 1, 0);
  useEffect(() => {
    const element = ref.current;
    if (!element) return undefined;
    let seen = true;
    let stale = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refresh = () => {
      if (stale) {
        stale = false;
        again(undefined as never);
      }
    };
    const observer = new IntersectionObserver(
      (entries) => {
        seen = entries.at(-1)?.isIntersecting ?? true;
        if (seen) refresh();
      },
      { rootMargin: '80px' },
    );
    observer.observe(element);
    const stop = player.subscribe(() => {
      stale = true;
      clearTimeout(timer);
      if (seen) refresh();
      else timer = setTimeout(refresh, 150);
    });
    return () => {
      stop();
      observer.disconnect();
      clearTimeout(timer);
    };
  }, [player, ref]);
  return player;
}

/** The width and height of an element, as they change. */
export function useSize(ref: RefObject<HTMLElement>): { width: number; height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return undefined;
    const measure = () => setSize({ width: element.clientWidth, height: element.clientHeight });
    // It reports once at the beginning, too, when all is laid out anyway.
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return size;
}

/** Whether the theme is dark: changes when it does. */
export function useThemeName(): string {
  const [name, setName] = useState(themeName);
  useEffect(() => {
    const look = () => setName(themeName());
    const system = window.matchMedia('(prefers-color-scheme: dark)');
    system.addEventListener('change', look);
    const observer = new MutationObserver(look);
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    return () => {
      system.removeEventListener('change', look);
      observer.disconnect();
    };
  }, []);
  return name;
}

function themeName(): string {
  const chosen = document.documentElement.dataset['theme'];
  if (chosen === 'dark' || chosen === 'light') return chosen;
  return window.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}
