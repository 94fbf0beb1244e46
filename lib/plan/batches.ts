/** a number of hosts, or a share of all the play's hosts such as '30%' */
export type BatchSize = number | `${number}%`;

/**
 * `items` cut into batches that run one after the other. The last size of a list repeats; a share is of all items,
 * rounded down, at least 1; 0 or less means all that are left. No size: one batch of everything.
 */
export function batches<T>(items: readonly T[], serial?: BatchSize | readonly BatchSize[]): readonly (readonly T[])[] {
  const sizes = sizesOf(serial);
  const made: T[][] = [];
  let from = 0;
  while (from < items.length) {
    const size = sizes[Math.min(made.length, sizes.length - 1)];
    const count = size === undefined ? 0 : countOf(size, items.length);
    const batch = items.slice(from, count <= 0 ? undefined : from + count);
    made.push(batch);
    from += batch.length;
  }
  return made;
}

/**
 * Whether a batch has lost so many hosts that the play must stop: strictly more than `percent` of its `size`, or all of
 * them whatever `percent` says, so that nothing goes on to what depends on a batch that is gone.
 */
export function tooManyFailed(failed: number, size: number, percent: number): boolean {
  if (failed <= 0) return false;
  return failed >= size || failed * 100 > percent * size;
}

function sizesOf(serial: BatchSize | readonly BatchSize[] | undefined): readonly BatchSize[] {
  if (serial === undefined) return [];
  return typeof serial === 'number' || typeof serial === 'string' ? [serial] : serial;
}

/** @throws RangeError for a size that is no whole number or share */
function countOf(size: BatchSize, all: number): number {
  const share = typeof size === 'string';
  const value = share ? Number(size.slice(0, -1)) : size;
  if (!Number.isFinite(value) || (!share && !Number.isInteger(value))) {
    throw new RangeError(`serial: '${size}' is neither a whole number nor a share such as '30%'`);
  }
  return share ? Math.max(1, Math.floor((value * all) / 100)) : value;
}
