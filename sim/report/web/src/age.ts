// Ages as kubectl prints them (rule KC-42): the only cells that change while nothing happens.

const kMinute = 60;
const kHour = 60 * kMinute;
const kDay = 24 * kHour;
const kYear = 365 * kDay;

/** kubectl's short form of an age in whole seconds. The same as stsim::human_duration. */
export function shortAge(seconds: number): string {
  if (seconds < -1) {
    return '<invalid>';
  }
  if (seconds < 0) {
    return '0s';
  }
  const whole = (unit: number, name: string) => `${Math.floor(seconds / unit)}${name}`;
  const withRest = (unit: number, name: string, small: number, smallName: string) => {
    const rest = Math.floor((seconds % unit) / small);
    return whole(unit, name) + (rest === 0 ? '' : `${rest}${smallName}`);
  };
  if (seconds < 2 * kMinute) return `${seconds}s`;
  if (seconds < 10 * kMinute) return withRest(kMinute, 'm', 1, 's');
  if (seconds < 3 * kHour) return whole(kMinute, 'm');
  if (seconds < 8 * kHour) return withRest(kHour, 'h', kMinute, 'm');
  if (seconds < 2 * kDay) return whole(kHour, 'h');
  if (seconds < 8 * kDay) return withRest(kDay, 'd', kHour, 'h');
  if (seconds < 2 * kYear) return whole(kDay, 'd');
  if (seconds < 8 * kYear) return withRest(kYear, 'y', kDay, 'd');
  return whole(kYear, 'y');
}

/** A cell at an instant (microseconds): an age stands in it as its beginning, between two marks. */
export function cellAt(kept: string, instant: number): string {
  return kept.replace(/\x01(-?\d+)\x02/, (_, since: string) =>
    // Towards zero, as Go and std::chrono cut.
    shortAge(Math.trunc((instant - Number(since) * 1e6) / 1e6)),
  );
}
