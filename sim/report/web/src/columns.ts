// Columns of numbers, and how to find in them what holds at a moment.

/** The sums of a column of differences. */
export function summed(differences: readonly number[]): Float64Array {
  const out = new Float64Array(differences.length);
  let sum = 0;
  differences.forEach((difference, i) => {
    sum += difference;
    out[i] = sum;
  });
  return out;
}

/** How many of `sorted[from, to)` are at most `value`, counted from `from`. */
export function countUpTo(
  sorted: ArrayLike<number>,
  value: number,
  from = 0,
  to = sorted.length,
): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) <= value) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low - from;
}

/** Entries by what they belong to, in their own order: all of one owner stand together. */
export class Grouped {
  readonly entries: Int32Array;
  private readonly begins: Int32Array;

  constructor(owners: ArrayLike<number>, count: number) {
    this.begins = new Int32Array(count + 1);
    for (let i = 0; i < owners.length; ++i) {
      const owner = owners[i] as number;
      if (owner >= 0) {
        this.begins[owner + 1]! += 1;
      }
    }
    for (let i = 0; i < count; ++i) {
      this.begins[i + 1]! += this.begins[i]!;
    }
    this.entries = new Int32Array(this.begins[count]!);
    const next = this.begins.slice();
    for (let i = 0; i < owners.length; ++i) {
      const owner = owners[i] as number;
      if (owner >= 0) {
        this.entries[next[owner]!++] = i;
      }
    }
  }

  /** Where the entries of an owner begin and end. */
  range(owner: number): [number, number] {
    return [this.begins[owner] ?? 0, this.begins[owner + 1] ?? 0];
  }

  /** The last entry of an owner that is at `moment` or before, or -1. `at` is by entry. */
  lastUpTo(owner: number, at: ArrayLike<number>, moment: number): number {
    let [low, high] = this.range(owner);
    const first = low;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((at[this.entries[middle]!] as number) <= moment) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low === first ? -1 : this.entries[low - 1]!;
  }
}
