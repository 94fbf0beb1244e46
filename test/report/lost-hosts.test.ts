import { expect, test } from 'vitest';
import { commandFailed, connectionLost, KonvergeError, unreachable } from '../../lib/errors.ts';
import { board } from '../../lib/report/board.ts';
import { junitDocument } from '../../lib/report/junit.ts';
import { tally } from '../../lib/run/tally.ts';

const noSudo = new KonvergeError('BecomeFailed', 'a: sudo wants a password', { place: { host: 'a' } });

test.each([
  ['no route', unreachable('a: no route', { place: { host: 'a' } }), true],
  ['connection lost', connectionLost('a: lost', { place: { host: 'a' } }), true],
  ['no root', noSudo, true],
  ['no root, place unknown', new KonvergeError('BecomeFailed', 'no'), true],
  ['a command failed', commandFailed('failed', { place: { host: 'a' } }), false],
  ['another host cannot be reached', unreachable('b: no route', { place: { host: 'b' } }), false],
] as const)('every view agrees on what is unreachable: %s', (_, error, isLost) => {
  const event = { type: 'host-failed', host: 'a', play: 'p', error, at: 0 } as const;
  const counts = tally();
  const shown = board();
  const document = junitDocument();
  for (const each of [counts, shown, document]) each.show(event);
  expect(counts.recap(['a'], new Map())).toMatchObject([{ unreachable: isLost, failed: isLost ? 0 : 1 }]);
  expect(shown.rows.get('a')?.state).toBe(isLost ? 'unreachable' : 'failed');
  expect(document.text()).toContain(isLost ? 'failures="0" errors="1"' : 'failures="1" errors="0"');
  expect(document.text()).toContain(isLost ? '<error type=' : '<failure type=');
});

test('the live view, which names the host in its first column, does not name it again', () => {
  const shown = board();
  shown.show({ type: 'host-failed', host: 'a', error: noSudo, at: 0 });
  expect(shown.rows.get('a')?.line).toBe('sudo wants a password');
});
