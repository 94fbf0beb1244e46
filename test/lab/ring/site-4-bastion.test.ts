import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keyPath } from '../layout.ts';
import { labInventory, on, site } from './site.ts';

const folder = mkdtempSync(join(tmpdir(), 'konverge-bastion-'));
const locked = join(folder, 'id_locked');
const passphrase = 'open sesame';
let agentPid = 0;

beforeAll(() => {
  copyFileSync(keyPath, locked);
  chmodSync(locked, 0o600);
  execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', passphrase, '-f', locked]);
  const socket = join(folder, 'agent');
  const said = execFileSync('ssh-agent', ['-s', '-a', socket], { encoding: 'utf8' });
  agentPid = Number(/SSH_AGENT_PID=(\d+)/.exec(said)?.[1]);
  const askpass = join(folder, 'askpass');
  writeFileSync(askpass, `#!/bin/sh\necho '${passphrase}'\n`, { mode: 0o700 });
  const env = { ...process.env, SSH_AUTH_SOCK: socket, SSH_ASKPASS: askpass, SSH_ASKPASS_REQUIRE: 'force' };
  execFileSync('ssh-add', ['-q', locked], { env });
  process.env['SSH_AUTH_SOCK'] = socket;
  process.env['LAB_LOCKED_KEY'] = locked;
});

afterAll(() => {
  if (agentPid > 0) process.kill(agentPid);
  delete process.env['SSH_AUTH_SOCK'];
  delete process.env['LAB_LOCKED_KEY'];
  rmSync(folder, { recursive: true });
});

it('a host behind a bastion, an encrypted key in the agent, a sudo password: a run like any other', () => {
  on('wn02', 'rm -f /etc/sysctl.d/99-zz-konverge.conf');
  const run = site('--tags', 'sysctl,chrony,containerd', '--limit', 'workers', ...labInventory('jump'));
  expect(run).toMatchObject({ code: 0, failures: [] });
  const mended = run.resources.filter(({ status }) => status === 'changed').map(({ host, kind }) => `${host} ${kind}`);
  expect(mended).toEqual(['wn02 sysctls']);
  expect(on('wn02', 'cat /etc/sysctl.d/99-zz-konverge.conf')).toContain('net.ipv4.ip_forward = 1');
});
