// Links to an instant: the part of the address behind `#`.

export interface Place {
  /** Microseconds. */
  instant: number;
  /** `web-3`, or `other/web-3` outside namespace default; null for none. */
  pod: string | null;
}

export function toHash({ instant, pod }: Place): string {
  const seconds = (Math.round(instant) / 1e6).toFixed(6).replace(/\.?0+$/, '');
  return `#t=${seconds}` + (pod === null ? '' : `&pod=${encodeURIComponent(pod)}`);
}

/** What a link says; null where it names no instant. */
export function fromHash(hash: string): Place | null {
  const parts = new URLSearchParams(hash.replace(/^#/, ''));
  const seconds = Number(parts.get('t') ?? NaN);
  return Number.isFinite(seconds)
    ? { instant: Math.round(seconds * 1e6), pod: parts.get('pod') }
    : null;
}
