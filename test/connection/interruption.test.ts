import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ConnectOptions, connect, type Session } from '../../lib/connection/index.ts';
import { secret } from '../../lib/secret.ts';
import { sh } from '../../lib/sh.ts';
import { isRunning, password, pidsOf, prepareMachine, type Sshd, startSshd, users } from './sshd.ts';

let sshd: Sshd;
const open: Session[] = [];

beforeAll(async () => {
  prepareMachine();
  sshd = await startSshd();
}, 300_000);
afterEach(() => Promise.all(open.splice(0).map((each) => each.close())));
afterAll(() => sshd.remove());

const connectTo = async (target = sshd.target(), options: ConnectOptions = {}): Promise<Session> => {
  const session = await connect(target, options);
  open.push(session);
  return session;
};

/** A number of seconds that no other process sleeps, so that it can be found. */
let next = 400_000 + (process.pid % 1000) * 100;
const unique = (): number => next++;

describe('after a timeout nothing runs on', () => {
  it.each([
    ['root', { method: 'auto' }],
    [users.trusted, { method: 'sudo' }],
    [users.asking, { method: 'sudo', password: secret(password) }],
    [users.plain, { method: 'none' }],
  ] as const)('as %s: children, background jobs, pipes, orphans, signals ignored', async (user, become) => {
    const session = await connectTo(sshd.target({ user }, become));
    const n = unique();
    const script = sh`trap '' TERM INT HUP
sh -c 'sleep ${n} & sleep ${n}' &
( ( sleep ${n} & ) & )
nohup sleep ${n} >/dev/null 2>&1 &
sleep ${n} | cat
echo unreachable`;
    const failed = session.run([script], { timeoutMs: 800 }).catch((thrown: unknown) => thrown);
    await expect.poll(() => pidsOf(`sleep ${n}`).length).toBe(5);
    expect(await failed).toMatchObject({ code: 'TimedOut', message: 'n1: no end within 0.8 s' });
    expect(isRunning(`sleep ${n}`)).toBe(false);
    const [result] = await session.run([sh`echo again`]);
    expect(String(result?.stdout)).toBe('again\n');
  });

  it('even when the host opens one channel only', async () => {
    const strict = await startSshd({ config: 'MaxSessions 1' });
    const session = await connectTo(strict.target());
    const n = unique();
    await expect(session.run([sh`sleep ${n}`], { timeoutMs: 200 })).rejects.toMatchObject({ code: 'TimedOut' });
    expect(isRunning(`sleep ${n}`)).toBe(false);
    expect((await session.run([sh`true`]))[0]?.code).toBe(0);
    await session.close();
    await strict.remove();
  });

  it('and the time that a call waits for its turn does not count', async () => {
    const session = await connectTo();
    const slow = session.run([sh`sleep 0.8`]);
    const [result] = await session.run([sh`echo in time`], { timeoutMs: 700 });
    expect(String(result?.stdout)).toBe('in time\n');
    await slow;
  });
});

describe('interrupt', () => {
  it('stops what runs, rejects it, and leaves what is queued', async () => {
    const session = await connectTo();
    const n = unique();
    const running = session.run([sh`sleep ${n}`]);
    const queued = session.run([sh`echo queued`]);
    await expect.poll(() => isRunning(`sleep ${n}`)).toBe(true);
    const outcome = running.catch((thrown: unknown) => thrown);
    await session.interrupt();
    expect(isRunning(`sleep ${n}`)).toBe(false);
    expect(await outcome).toMatchObject({ code: 'Interrupted' });
    expect(String((await queued)[0]?.stdout)).toBe('queued\n');
  });

  it('does nothing when nothing runs', async () => {
    const session = await connectTo();
    await session.interrupt();
    expect((await session.run([sh`true`]))[0]?.code).toBe(0);
  });

  it('comes with close: nothing is left behind', async () => {
    const session = await connect(sshd.target());
    const n = unique();
    const outcome = session.run([sh`sleep ${n}`]).catch((thrown: unknown) => thrown);
    await expect.poll(() => isRunning(`sleep ${n}`)).toBe(true);
    await session.close();
    expect(await outcome).toMatchObject({ code: 'Interrupted' });
    expect(isRunning(`sleep ${n}`)).toBe(false);
  });
});
