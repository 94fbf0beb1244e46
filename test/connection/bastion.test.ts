import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../lib/connection/index.ts';
import { sh } from '../../lib/sh.ts';
import { freePort, kill, prepareMachine, type Sshd, startSshd, users } from './sshd.ts';

let host: Sshd;
let bastion: Sshd;
let folder: string;
let knownHosts: string;

beforeAll(async () => {
  prepareMachine();
  // One login at a time and no more: a connection for each host would be hung up on.
  bastion = await startSshd({ config: 'MaxStartups 1:100:1\nMaxSessions 1' });
  host = await startSshd();
  folder = mkdtempSync(join(tmpdir(), 'konverge-bastion-'));
  knownHosts = join(folder, 'known_hosts');
  const lines = [host, bastion].map(({ port, hostKey }) => `[127.0.0.1]:${port},[localhost]:${port} ${hostKey}\n`);
  writeFileSync(knownHosts, lines.join(''));
  // the bastion lets the host's key in
  writeFileSync(join(bastion.folder, 'authorized_keys'), readFileSync(`${host.key}.pub`));
}, 300_000);
afterAll(async () => {
  await Promise.all([host.remove(), bastion.remove()]);
  rmSync(folder, { recursive: true });
});

const jump = (): string => `${users.plain}@127.0.0.1:${bastion.port}`;
const logins = (): number => bastion.sessions().filter((pid) => pid > 0).length;

describe('a bastion', () => {
  it('is logged into once for many hosts, and left with the last of them', async () => {
    const sessions = await Promise.all(
      Array.from({ length: 6 }, () => connect(host.target({ jump: jump(), knownHosts }))),
    );
    // sshd has one process for the login and, for a user that is not root, one more that has given up its rights
    await expect.poll(logins).toBe(2);
    const answers = await Promise.all(sessions.map((each) => each.run([sh`echo $SSH_CONNECTION`])));
    expect(answers.every(([result]) => result?.code === 0)).toBe(true);
    await Promise.all(sessions.map((each) => each.close()));
    await expect.poll(logins).toBe(0);
  });

  it('that breaks is logged into again, once, for all questions', async () => {
    const sessions = await Promise.all(
      Array.from({ length: 3 }, () => connect(host.target({ jump: jump(), knownHosts }))),
    );
    const asked = sessions.map((each) => each.run([sh`sleep 0.3; echo answer`], { repeatable: true }));
    await sleep(100);
    for (const pid of bastion.sessions()) kill(pid);
    expect((await Promise.all(asked)).map(([result]) => String(result?.stdout))).toEqual(Array(3).fill('answer\n'));
    await expect.poll(logins).toBe(2);
    await Promise.all(sessions.map((each) => each.close()));
  });

  it('may stand behind another', async () => {
    const chain = `${jump()},root@localhost:${host.port}`;
    const session = await connect(host.target({ jump: chain, knownHosts }));
    expect((await session.run([sh`true`]))[0]?.code).toBe(0);
    await expect.poll(logins).toBe(2);
    await session.close();
    await expect.poll(() => host.sessions().length + logins()).toBe(0);
  });

  it('comes from ssh_config too', async () => {
    const sshConfig = join(folder, 'config');
    writeFileSync(
      sshConfig,
      `Host gate\n HostName 127.0.0.1\n Port ${bastion.port}\n User ${users.plain}\n IdentityFile ${host.key}
Host 127.0.0.1\n ProxyJump gate\nHost *\n UserKnownHostsFile ${knownHosts}\n`,
    );
    const settings = { port: host.port, user: 'root', identity: host.key };
    const target = { name: 'n1', address: '127.0.0.1', ssh: settings, become: { method: 'auto' } } as const;
    const session = await connect(target, { sshConfig });
    await expect.poll(logins).toBe(2);
    await session.close();
  });

  it('that refuses us is named', async () => {
    const refused = connect(host.target({ jump: `nobody-here@127.0.0.1:${bastion.port}`, knownHosts }));
    await expect(refused).rejects.toMatchObject({
      code: 'Unreachable',
      message: expect.stringMatching(/^bastion nobody-here@\[127.0.0.1\]:\d+: nobody-here is not let in/),
    });
  });

  it('that cannot reach the host says so', async () => {
    const port = await freePort();
    await expect(connect(host.target({ jump: jump(), port, knownHosts }))).rejects.toMatchObject({
      code: 'Unreachable',
      message: expect.stringMatching(`n1: the bastion cannot reach 127.0.0.1 port ${port}`),
      details: { mend: expect.stringContaining('AllowTcpForwarding') },
    });
    await expect.poll(logins).toBe(0);
  });

  it('that leads back to itself is refused instead of waited for', async () => {
    const sshConfig = join(folder, 'circle');
    writeFileSync(sshConfig, 'Host a\n ProxyJump b\nHost b\n ProxyJump a\n');
    const target = { name: 'n1', address: 'a', ssh: {}, become: { method: 'auto' } } as const;
    await expect(connect(target, { sshConfig })).rejects.toThrow(/lead in a circle: b, a, b/);
  });
});
