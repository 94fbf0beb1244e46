import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { localSession } from '../../lib/connection/index.ts';
import { sh } from '../../lib/sh.ts';
import { isRunning, kill, pidsOf } from './sshd.ts';

describe('a session with the controller itself', () => {
  it('runs scripts like any other', async () => {
    const session = await localSession({ name: 'controller' });
    expect(session.host).toBe('controller');
    const results = await session.run([sh`cat; echo err >&2; exit 3`, sh`pwd`], { stdin: Buffer.from('in\0') });
    expect(results.map((each) => [each.code, String(each.stdout), String(each.stderr)])).toEqual([
      [3, 'in\0', 'err\n'],
      [0, '/\n', ''],
    ]);
    await session.close();
  });

  it('stops what timed out, and nothing else', async () => {
    const session = await localSession();
    await expect(session.run([sh`sleep 27.18 & sleep 27.18`], { timeoutMs: 200 })).rejects.toMatchObject({
      code: 'TimedOut',
    });
    expect(isRunning('sleep 27.18')).toBe(false);
    expect((await session.run([sh`true`]))[0]?.code).toBe(0);
    await session.close();
  });

  it('gets a new shell when the old one dies, though something keeps its output open', async () => {
    const session = await localSession();
    await expect(session.run([sh`sleep 27.18 & kill -9 $$`])).rejects.toMatchObject({ code: 'ConnectionLost' });
    expect((await session.run([sh`true`]))[0]?.code).toBe(0);
    await session.close();
    for (const pid of pidsOf('sleep 27.18')) kill(pid);
  });

  it('stops on interrupt', async () => {
    const session = await localSession();
    const outcome = session.run([sh`sleep 27.19`]).catch((thrown: unknown) => thrown);
    await sleep(50);
    await session.interrupt();
    expect(await outcome).toMatchObject({ code: 'Interrupted' });
    expect(isRunning('sleep 27.19')).toBe(false);
    await session.close();
  });
});
