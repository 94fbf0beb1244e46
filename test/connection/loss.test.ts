import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ConnectOptions, connect, type Session } from '../../lib/connection/index.ts';
import { type Script, sh } from '../../lib/sh.ts';
import { isRunning, kill, pidsOf, prepareMachine, type Sshd, startSshd } from './sshd.ts';

let sshd: Sshd;
let folder: string;
const open: Session[] = [];

beforeAll(async () => {
  prepareMachine();
  sshd = await startSshd();
}, 300_000);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'konverge-loss-'));
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
  rmSync(folder, { recursive: true });
});
afterAll(async () => {
  await sshd.remove();
  for (const pid of pidsOf('sleep 31.41')) kill(pid);
});

const connectTo = async (options: ConnectOptions = {}): Promise<Session> => {
  const session = await connect(sshd.target(), { lockFile: join(folder, 'lock'), ...options });
  open.push(session);
  return session;
};
const cut = (): void => {
  for (const pid of sshd.sessions()) kill(pid);
};
const freeze = (): readonly number[] => {
  const pids = sshd.sessions();
  for (const pid of pids) kill(pid, 'SIGSTOP');
  return pids;
};
/** Does not end when it is asked for the first time. */
const slowOnce = (log: string): Script =>
  sh`echo asked >>${log}; [ "$(wc -l <${log})" -gt 1 ] || sleep 31.41; echo answer`;
const lines = (file: string): readonly string[] => readFileSync(join(folder, file), 'utf8').trim().split('\n');

describe('a cut connection', () => {
  it('is made again for a question, which is asked again', async () => {
    const session = await connectTo();
    const log = join(folder, 'log');
    const asked = session.run([slowOnce(log)], { repeatable: true });
    await expect.poll(() => existsSync(log)).toBe(true);
    cut();
    expect(String((await asked)[0]?.stdout)).toBe('answer\n');
    expect(lines('log')).toEqual(['asked', 'asked']);
    expect(isRunning('sleep 31.41')).toBe(false);
    expect(session.trips).toBe(2);
  });

  it('is told at once for a change, which is not repeated; the next call waits for its end', async () => {
    const session = await connectTo();
    const log = join(folder, 'log');
    const end = join(folder, 'end');
    const work = sh`echo begun >>${log}; until [ -e ${end} ]; do sleep 0.05; done; echo ended >>${log}`;
    const change = session.run([work]);
    await expect.poll(() => existsSync(log)).toBe(true);
    cut();
    await expect(change).rejects.toMatchObject({ code: 'ConnectionLost', details: { place: { host: 'n1' } } });
    expect(lines('log')).toEqual(['begun']);
    const next = session.run([sh`cat ${log}`]);
    await sleep(300);
    writeFileSync(end, '');
    expect(String((await next)[0]?.stdout)).toBe('begun\nended\n');
  });

  it('says so when the change is still at work and does not end', async () => {
    const session = await connectTo({ orphanMs: 300 });
    const change = session.run([sh`sleep 31.41`]);
    await expect.poll(() => isRunning('sleep 31.41')).toBe(true);
    cut();
    await expect(change).rejects.toMatchObject({ code: 'ConnectionLost' });
    await expect(session.run([sh`true`])).rejects.toMatchObject({
      code: 'ConnectionLost',
      message: expect.stringMatching(/still at work there \(process \d+\)/),
      details: { touched: true },
    });
    kill(pidOf('sleep 31.41'));
    expect((await session.run([sh`true`]))[0]?.code).toBe(0);
  });

  it('keeps the host’s lock: it is taken again with the new shell', async () => {
    const session = await connectTo();
    const other = await connectTo();
    await session.lock('the first');
    cut();
    const [held] = await session.run([sh`cat ${join(folder, 'lock')}`], { repeatable: true });
    expect(String(held?.stdout)).toBe('the first\n');
    await expect(other.lock('the second')).rejects.toMatchObject({ code: 'Refused' });
  });

  it('gives up when the host does not come back, and tries again with the next call', async () => {
    const session = await connectTo({ patienceMs: 700 });
    await sshd.stop();
    await expect(session.run([sh`true`], { repeatable: true })).rejects.toMatchObject({
      code: 'ConnectionLost',
      message: expect.stringMatching(/not back within 0.7 s: .*refuses the connection/),
    });
    await sshd.start();
    expect((await session.run([sh`true`]))[0]?.code).toBe(0);
  });

  it('is made again after a restart of sshd in the middle of a question', async () => {
    const session = await connectTo();
    const asked = session.run([sh`sleep 0.3; echo answer`], { repeatable: true });
    await sleep(100);
    await sshd.stop();
    await sleep(300);
    await sshd.start();
    expect(String((await asked)[0]?.stdout)).toBe('answer\n');
  });

  it('is not waited for by an interrupted call', async () => {
    const session = await connectTo({ patienceMs: 5000 });
    await sshd.stop();
    const outcome = session.run([sh`true`], { repeatable: true }).catch((thrown: unknown) => thrown);
    await sleep(100);
    await session.interrupt();
    expect(await outcome).toMatchObject({ code: 'Interrupted' });
    await sshd.start();
  });

  it('cuts an upload too, and the upload begins anew', async () => {
    const session = await connectTo();
    const bytes = Buffer.alloc(20_000_000, 'some bytes, ');
    writeFileSync(join(folder, 'original'), bytes);
    const done = session.upload(join(folder, 'original'), join(folder, 'copy'));
    await expect.poll(() => existsSync(join(folder, 'copy')), { interval: 5 }).toBe(true);
    cut();
    await done;
    expect(session.trips).toBe(2);
    expect(readFileSync(join(folder, 'copy')).equals(bytes)).toBe(true);
  });
});

describe('a shell that dies', () => {
  it('is a lost connection and never a success (code null)', async () => {
    const session = await connectTo();
    await expect(session.run([sh`echo out; kill -9 $$`])).rejects.toMatchObject({ code: 'ConnectionLost' });
    expect((await session.run([sh`true`]))[0]?.code).toBe(0);
  });

  it('is noticed although something keeps its output open', async () => {
    const session = await connectTo();
    await expect(session.run([sh`sleep 31.41 & kill -9 $$`], { timeoutMs: 5000 })).rejects.toMatchObject({
      code: 'ConnectionLost',
    });
    kill(pidOf('sleep 31.41'));
  });

  it('does not die for ever: a question that kills it is given up', async () => {
    const session = await connectTo();
    const asked = session.run([sh`kill -9 $$`], { repeatable: true });
    await expect(asked).rejects.toMatchObject({ code: 'ConnectionLost' });
    expect(session.trips).toBe(5);
  });
});

describe('a frozen host', () => {
  const keepalive = { intervalMs: 150, count: 2 };

  it('is lost when it answers no question for a while, and does not end the process', async () => {
    const session = await connectTo({ keepalive });
    const change = session.run([sh`sleep 31.41`]);
    await expect.poll(() => isRunning('sleep 31.41')).toBe(true);
    const frozen = freeze();
    await expect(change).rejects.toMatchObject({ code: 'ConnectionLost' });
    for (const pid of [...frozen, pidOf('sleep 31.41')]) kill(pid);
  });

  it('is reached anew for a question; what was asked before is killed', async () => {
    const session = await connectTo({ keepalive });
    await session.lock('me');
    const log = join(folder, 'log');
    const asked = session.run([slowOnce(log)], { repeatable: true });
    await expect.poll(() => isRunning('sleep 31.41')).toBe(true);
    const frozen = freeze();
    expect(String((await asked)[0]?.stdout)).toBe('answer\n');
    expect(isRunning('sleep 31.41')).toBe(false);
    for (const pid of frozen) kill(pid);
  });
});

function pidOf(command: string): number {
  const found = pidsOf(command)[0];
  if (found === undefined) throw new Error(`${command} does not run`);
  return found;
}
