// Instants in words.

/** `17.008 s`, `2 m 03.1 s`, `1 h 02 m 03 s` since the beginning. */
export function sinceStart(instant: number): string {
  const milliseconds = Math.floor(instant / 1000);
  const seconds = Math.floor(milliseconds / 1000);
  const fraction = String(milliseconds % 1000).padStart(3, '0');
  if (seconds < 60) {
    return `${seconds}.${fraction} s`;
  }
  const two = (n: number) => String(n).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) {
    return `${minutes} m ${two(seconds % 60)}.${fraction} s`;
  }
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} m ${two(seconds % 60)}.${fraction} s`;
}

/** A length of time, as short as can be: `3 s`, `58 m`, `2 h 5 m`. */
export function inShort(length: number): string {
  const seconds = Math.round(length / 1e6);
  if (seconds < 1) return `${Math.round(length / 1000)} ms`;
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} m`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} m`;
}

const kSteps = [
  1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6, 2e6, 5e6, 1e7, 1.5e7, 3e7, 6e7, 1.2e8, 3e8, 6e8,
  9e8, 1.8e9, 3.6e9, 7.2e9, 1.08e10, 2.16e10, 4.32e10, 8.64e10,
];

/** The step between ticks of which each takes at least `least` microseconds. */
export function tickStep(least: number): number {
  return kSteps.find((step) => step >= least) ?? Math.ceil(least / 8.64e10) * 8.64e10;
}

/** A tick of the axis: `5s`, `1m30s`, `2h`. */
export function tick(instant: number, step: number): string {
  if (step < 1e6) return `${(instant / 1e6).toFixed(step < 1e4 ? 3 : step < 1e5 ? 2 : 1)}s`;
  const seconds = Math.round(instant / 1e6);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return (h > 0 ? `${h}h` : '') + (m > 0 || (h > 0 && s > 0) ? `${m}m` : '') + (s > 0 || seconds === 0 ? `${s}s` : '');
}
