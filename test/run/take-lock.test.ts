import { spawnSync } from 'node:child_process';
import { hostname } from 'node:os';
import { expect, it, vi } from 'vitest';
import type { Session } from '../../lib/connection/session.ts';
import { refused } from '../../lib/errors.ts';
import { takeLock } from '../../lib/run/take-lock.ts';

const dead = spawnSync('true').pid;
const since = 'since 2026-01-01T00:00:00.000Z';

/** A host whose lock is `holder`'s for the first `tries` times. */
function held(holder: string, tries: number): Pick<Session, 'lock'> & { readonly asked: () => number } {
  let asked = 0;
  return {
    asked: () => asked,
    lock: () => {
      asked += 1;
      return asked <= tries ? Promise.reject(refused('busy', { said: holder })) : Promise.resolve();
    },
  };
}
const patience = { waiting: vi.fn<(text: string) => void>(), stopped: () => false };

it('waits for what a killed run of this machine has left at work, and says so once', async () => {
  const waiting = vi.fn<(text: string) => void>();
  const host = held(`konverge pid ${dead} of root@${hostname()} ${since}`, 2);
  await takeLock(host, { ...patience, waiting });
  expect(host.asked()).toBe(3);
  expect(waiting.mock.calls).toEqual([[`waits for what a run that was killed (pid ${dead}) has left at work here`]]);
});

it.each([
  ['a run that lives', `konverge pid ${process.pid} of root@${hostname()} ${since}`],
  ['a run of another machine', `konverge pid ${dead} of root@elsewhere ${since}`],
  ['somebody else', 'alice'],
  ['nobody in particular', ''],
])('%s is a refusal at once', async (_who, holder) => {
  const host = held(holder, 9);
  await expect(takeLock(host, patience)).rejects.toMatchObject({ code: 'Refused' });
  expect(host.asked()).toBe(1);
});

it('does not wait for ever, nor when the operator wants to stop', async () => {
  const holder = `konverge pid ${dead} of root@${hostname()} ${since}`;
  await expect(takeLock(held(holder, 99), { ...patience, maxMs: 100 })).rejects.toMatchObject({ code: 'Refused' });
  const host = held(holder, 99);
  await expect(takeLock(host, { ...patience, stopped: () => true })).rejects.toMatchObject({ code: 'Refused' });
  expect(host.asked()).toBe(1);
});
