import { expect, test } from 'vitest';
import { cyclesIn, graph } from './cycles.ts';

test('no import cycle in the house', () => {
  expect(graph().size).toBeGreaterThan(10);
  expect(cyclesIn(graph())).toEqual([]);
});

test('a planted cycle is found, a shared import is none', () => {
  const planted = new Map([
    ['a', ['b', 'c', 'zod']],
    ['b', ['c', 'd']],
    ['c', ['d']],
    ['d', ['b']],
    ['self', ['self']],
  ]);
  expect(cyclesIn(planted)).toEqual([
    ['b', 'c', 'd', 'b'],
    ['self', 'self'],
  ]);
  const diamond = new Map([
    ['a', ['b', 'c']],
    ['b', ['c']],
    ['c', []],
  ]);
  expect(cyclesIn(diamond)).toEqual([]);
});
