import { expect, test } from 'vitest';
import { changeWords } from '../../lib/report/change-words.ts';
import { clock, count, duration } from '../../lib/report/duration.ts';
import { noPaint, painter } from '../../lib/report/paint.ts';
import { oneLine, printable } from '../../lib/report/printable.ts';
import { cells, cut, fit, padEnd, padStart } from '../../lib/report/width.ts';
import { secret } from '../../lib/secret.ts';

test.each([
  [0, '0 ms'],
  [12.4, '12 ms'],
  [999, '999 ms'],
  [1000, '1.0 s'],
  [59_949, '59.9 s'],
  [59_960, '1 m 00 s'],
  [187_000, '3 m 07 s'],
  [3_720_000, '1 h 02 m'],
])('%d ms is %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test('a running clock shows whole seconds', () => {
  expect([-5, 999, 59_999, 60_000].map((ms) => clock(ms))).toEqual(['0 s', '0 s', '59 s', '1 m 00 s']);
  expect([count(1, 'host'), count(0, 'host'), count(2, 'host')]).toEqual(['1 host', '0 hosts', '2 hosts']);
});

test.each([
  [{ path: 'mode', from: '0600', to: '0644' }, 'mode 0600 → 0644'],
  [{ path: 'package', to: 'chrony-4.5' }, 'package absent → chrony-4.5'],
  [{ path: 'path', from: 'file' }, 'path file → absent'],
  [{ path: 'content (secret)' }, 'content (secret)'],
  [{ path: 'content', from: 'sha256 ab', to: 'sha256 cd' }, 'content'],
  [{ path: 'motd', to: `two\nlines ${'x'.repeat(99)}` }, `motd absent → two lines ${'x'.repeat(49)}…`],
])('%j: %s', (change, words) => {
  expect(changeWords([change])).toBe(words);
});

test('several changes', () => {
  expect(changeWords([{ path: 'content' }, { path: 'mode', from: '0600', to: '0644' }])).toBe(
    'content, mode 0600 → 0644',
  );
});

test.each([
  ['plain', 5],
  ['–×…', 3],
  ['日本', 4],
  ['e\u0301', 1],
  ['🚀', 2],
  ['', 0],
])('%s takes %d columns', (text, columns) => {
  expect(cells(text)).toBe(columns);
});

test('cutting, filling, fitting', () => {
  expect(cut('abcdef', 6)).toBe('abcdef');
  expect(cut('abcdefg', 6)).toBe('abcde…');
  expect(cut('日本語', 4)).toBe('日…');
  expect(cut('abc', 1)).toBe('…');
  expect(cut('abc', 0)).toBe('');
  expect(padEnd('日', 4) + padStart('ab', 3) + padEnd('long', 2)).toBe('日   ablong');
  const marked = fit([{ text: 'abc', style: 'red' }, { text: 'defg' }, { text: 'h' }], 6, (_s, text) => `<${text}>`);
  expect(marked).toBe('<abc>de…');
});

test('colours only where someone sees them and has not refused', () => {
  const red = (isTTY: boolean, env: NodeJS.ProcessEnv): boolean => painter({ isTTY }, env)('red', 'x') !== 'x';
  expect(red(true, {})).toBe(true);
  expect(red(true, { NO_COLOR: '' })).toBe(true);
  expect(red(true, { NO_COLOR: '1', FORCE_COLOR: '1' })).toBe(false);
  expect(red(true, { TERM: 'dumb' })).toBe(false);
  expect(red(true, { FORCE_COLOR: '0' })).toBe(false);
  expect(red(false, {})).toBe(false);
  expect(red(false, { FORCE_COLOR: '1' })).toBe(true);
  expect(painter({ isTTY: true }, {})('red', 'x')).toBe('\u001b[31mx\u001b[39m');
  expect(painter({ isTTY: true }, {})('red', '')).toBe('');
  expect(noPaint('red', 'x')).toBe('x');
});

test('text from a host', () => {
  secret('a-canary-in-text');
  expect(printable('a\tb\nc a-canary-in-text \u001b[31mred\u001b[0m\u0007')).toBe('a\tb\nc ••••• red');
  expect(oneLine('  10 %\r  50 %\r 100 %  \n')).toBe('100 %');
  expect(oneLine('a\n b')).toBe('a b');
  expect(oneLine('')).toBe('');
});
