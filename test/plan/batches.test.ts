import { expect, test } from 'vitest';
import { type BatchSize, batches, tooManyFailed } from '../../lib/plan/batches.ts';

const ten = Array.from({ length: 10 }, (_, i) => i);

const table: readonly [serial: BatchSize | readonly BatchSize[] | undefined, sizes: string][] = [
  [undefined, '10'],
  [[], '10'],
  [1, '1 1 1 1 1 1 1 1 1 1'],
  [3, '3 3 3 1'],
  [10, '10'],
  [99, '10'],
  [[1, 2, 5], '1 2 5 2'],
  [[1, '30%'], '1 3 3 3'],
  ['5%', '1 1 1 1 1 1 1 1 1 1'],
  ['0%', '1 1 1 1 1 1 1 1 1 1'],
  ['29%', '2 2 2 2 2'],
  ['100%', '10'],
  ['300%', '10'],
  [['10%', 4, '100%'], '1 4 5'],
  [0, '10'],
  [-1, '10'],
  [[3, 0], '3 7'],
];

test.each(table)('serial %j of ten hosts: %s', (serial, sizes) => {
  const made = batches(ten, serial);
  expect(made.map((batch) => batch.length).join(' ')).toBe(sizes);
  expect(made.flat()).toEqual(ten);
});

test('no hosts, no batches', () => {
  expect(batches([], 3)).toEqual([]);
});

test('a share is exact where floating point is not', () => {
  expect(batches(Array.from({ length: 100 }, String), '29%')[0]).toHaveLength(29);
});

test.each([[1.5], [Number.NaN], [`${Number.NaN}%`]] satisfies [BatchSize][])('serial %s is refused', (serial) => {
  expect(() => batches(ten, serial)).toThrow(RangeError);
});

test.each([
  [0, 3, 0, false],
  [1, 3, 0, true],
  [1, 3, 33, true],
  [1, 3, 34, false],
  [1, 2, 50, false],
  [2, 3, 100, false],
  [3, 3, 100, true],
  [0, 0, 100, false],
])('%d of %d failed with %d %% allowed stops: %s', (failed, size, percent, stops) => {
  expect(tooManyFailed(failed, size, percent)).toBe(stops);
});
