import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lockRefusal } from '../../lib/connection/host-lock.ts';
import { connect, localSession, type Session } from '../../lib/connection/index.ts';
import { sh } from '../../lib/sh.ts';
import { prepareMachine, type Sshd, startSshd, users } from './sshd.ts';

let sshd: Sshd;
let folder: string;
let first: Session;
let second: Session;

beforeAll(async () => {
  prepareMachine();
  sshd = await startSshd();
  folder = mkdtempSync(join(tmpdir(), 'konverge-lock-'));
  const options = { lockFile: join(folder, 'lock') };
  [first, second] = await Promise.all([connect(sshd.target(), options), connect(sshd.target(), options)]);
}, 300_000);
afterAll(async () => {
  await Promise.all([first.close(), second.close(), sshd.remove()]);
  rmSync(folder, { recursive: true });
});

describe('the lock of a host', () => {
  it('is held by one session, named, until that ends; no command inherits it', async () => {
    const holder = "alice@laptop, playbooks/site.ts, since 12:00 ('quoted')";
    await first.lock(holder);
    await first.lock(holder);
    await expect(second.lock('bob')).rejects.toMatchObject({
      code: 'Refused',
      message: `n1: another run works on this host: ${holder}`,
      details: { said: holder, mend: expect.stringContaining(`fuser ${folder}/lock`) },
    });
    const [own, fed] = await first.run([sh`ls -l /proc/self/fd; cat`, sh`ls -l /proc/self/fd`], {
      stdin: Buffer.alloc(40_000),
    });
    expect(String(own?.stdout) + String(fed?.stdout)).not.toContain('lock');
    await first.run([sh`nohup sleep 2 >/dev/null 2>&1 &`]);
    await first.close();
    await second.lock('bob');
    expect(String((await second.run([sh`cat ${join(folder, 'lock')}`]))[0]?.stdout)).toBe('bob\n');
  });

  it('outlives a timeout: it is taken again with the new shell', async () => {
    await expect(second.run([sh`sleep 5`], { timeoutMs: 100 })).rejects.toMatchObject({ code: 'TimedOut' });
    await second.run([sh`true`]);
    const third = await localSession({ lockFile: join(folder, 'lock') });
    await expect(third.lock('carol')).rejects.toMatchObject({ code: 'Refused' });
    await third.close();
  });

  it('needs a file that can be written', async () => {
    const session = await connect(sshd.target({ user: users.plain }, { method: 'none' }), { lockFile: '/root/lock' });
    await expect(session.lock('me')).rejects.toMatchObject({
      code: 'Refused',
      message: 'n1: the lock file /root/lock cannot be written',
    });
    expect((await session.run([sh`true`]))[0]?.code).toBe(0);
    await session.close();
  });

  it.each([
    ['missing\n', 'there is no flock', 'install util-linux on the host'],
    ['busy\n', 'it did not give its name', 'wait until that run has ended'],
  ])('explains %j', (said, words, mend) => {
    const refusal = lockRefusal('n1', '/run/lock', said);
    expect(refusal?.message).toContain(words);
    expect(refusal?.details.mend).toContain(mend);
  });
});
