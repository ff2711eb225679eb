// Lists of which only what is in sight is made: of a thousand rows some thirty are.

import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { RefObject } from 'preact';

export interface Window {
  first: number;
  last: number;
}

/** The rows in sight of a scrolled element, some more on either side. */
export function useWindow(
  ref: RefObject<HTMLElement>,
  count: number,
  rowHeight: number,
  head = 0,
): Window {
  const [scroll, setScroll] = useState({ top: 0, height: 400 });
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return undefined;
    const look = () => setScroll({ top: element.scrollTop, height: element.clientHeight });
    element.addEventListener('scroll', look, { passive: true });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => {
      element.removeEventListener('scroll', look);
      observer.disconnect();
    };
  }, [ref]);
  const first = Math.min(Math.max(0, Math.floor((scroll.top - head) / rowHeight) - 4), count);
  const last = Math.min(count, Math.ceil((scroll.top + scroll.height) / rowHeight) + 4);
  return { first, last: Math.max(last, first) };
}

export interface Cell {
  text: string;
  /** Set apart because it has just changed. */
  fresh?: boolean;
  class?: string;
}

interface Props {
  /** The command that prints the table. */
  command: string;
  headers: readonly string[];
  count: number;
  /** Identity of a row, and its cells. */
  keyOf(row: number): string | number;
  cells(row: number): readonly Cell[];
  empty: string;
  onPick?: (row: number) => void;
  isChosen?: (row: number) => boolean;
  maxRows?: number;
  /** The last column is shown whole, in several lines, where there are not too many rows. */
  wraps?: boolean;
}

/** Rows of which each may have a height of its own: all of them are made. */
const kMostWrapped = 60;

export const kRowHeight = 24;

/** A table as kubectl prints it, under the command that does. */
export function Rows(props: Props) {
  const { command, headers, count, empty, maxRows = 12 } = props;
  const box = useRef<HTMLDivElement>(null);
  const inSight = useWindow(box, count, kRowHeight, kRowHeight);
  const wraps = props.wraps === true && count <= kMostWrapped;
  const { first, last } = wraps ? { first: 0, last: count } : inSight;
  const rows = [];
  for (let row = first; row < last; ++row) {
    const chosen = props.isChosen?.(row) ?? false;
    rows.push(
      <tr
        key={props.keyOf(row)}
        aria-rowindex={row + 2}
        class={chosen ? 'chosen' : ''}
        onClick={() => props.onPick?.(row)}
      >
        {props.cells(row).map((cell, i) => (
          <td key={i} class={`${cell.fresh ? 'fresh ' : ''}${cell.class ?? ''}`}>
            {cell.text}
          </td>
        ))}
      </tr>,
    );
  }
  return (
    <div
      class={wraps ? 'rows wraps' : 'rows'}
      ref={box}
      tabIndex={0}
      role="region"
      aria-label={command}
      style={wraps ? {} : { maxHeight: `${(maxRows + 1) * kRowHeight + 16}px` }}
    >
      {count === 0 ? (
        <p class="empty">{empty}</p>
      ) : (
        <table aria-rowcount={count + 1}>
          <thead>
            <tr aria-rowindex={1}>
              {headers.map((header) => (
                <th key={header} scope="col">
                  {header}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {first > 0 && <tr aria-hidden="true" style={{ height: `${first * kRowHeight}px` }} />}
            {rows}
            {last < count && (
              <tr aria-hidden="true" style={{ height: `${(count - last) * kRowHeight}px` }} />
            )}
          </tbody>
        </table>
      )}
    </div>
  );
}
