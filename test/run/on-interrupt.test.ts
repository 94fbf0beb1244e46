import { afterEach, expect, it, vi } from 'vitest';
import { onInterrupt } from '../../lib/run/interrupt.ts';
import { shellSession } from './shell-session.ts';

afterEach(() => vi.restoreAllMocks());

it('tells what each Ctrl-C does; after the second nobody waits for a role that waits for something else', async () => {
  const session = shellSession();
  const interrupt = vi.spyOn(session, 'interrupt');
  const exit = vi.spyOn(process, 'exit').mockImplementation((code) => {
    throw new Error(`exit ${code}`);
  });
  const told: string[] = [];
  const stop = onInterrupt({ opened: () => [session] }, (text) => told.push(text));
  process.emit('SIGHUP');
  process.emit('SIGHUP');
  expect(stop.requested()).toBe(true);
  expect(told).toEqual(['stopping: every host finishes what it is at; Ctrl-C again stops it there']);
  expect(interrupt).not.toHaveBeenCalled();
  process.emit('SIGINT');
  expect(told[1]).toBe('stopping what runs on the hosts; Ctrl-C again leaves it behind');
  await expect(stop.abandoned).rejects.toMatchObject({ code: 'Interrupted' });
  expect(interrupt).toHaveBeenCalledOnce();
  expect(() => process.emit('SIGINT')).toThrow('exit 130');
  expect(exit).toHaveBeenCalledOnce();
  stop.done();
  expect(process.listenerCount('SIGHUP')).toBe(0);
});
