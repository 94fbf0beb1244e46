import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { connect, lockedKeys, type Target } from '../../lib/connection/index.ts';
import type { SshSettings } from '../../lib/inventory/types.ts';
import { secret } from '../../lib/secret.ts';
import { sh } from '../../lib/sh.ts';
import { keygen, kill, prepareMachine, type Sshd, startSshd } from './sshd.ts';

let sshd: Sshd;
let folder: string;
let agent: { readonly socket: string; readonly pid: number };
const inherited = process.env['SSH_AUTH_SOCK'];

beforeAll(async () => {
  prepareMachine();
  sshd = await startSshd();
  folder = mkdtempSync(join(tmpdir(), 'konverge-locked-'));
  spawnSync('cp', [sshd.key, join(folder, 'locked')]);
  spawnSync('ssh-keygen', ['-p', '-P', '', '-N', 'open-sesame', '-f', join(folder, 'locked')]);
  keygen('rsa', join(folder, 'pem'), 'open-sesame');
  spawnSync('ssh-keygen', ['-p', '-m', 'PEM', '-P', 'open-sesame', '-N', 'open-sesame', '-f', join(folder, 'pem')]);
  keygen('ed25519', join(folder, 'open'));
  const socket = join(folder, 'agent');
  const started = spawnSync('ssh-agent', ['-s', '-a', socket], { encoding: 'utf8' });
  agent = { socket, pid: Number(/SSH_AGENT_PID=(\d+)/.exec(started.stdout)?.[1]) };
  delete process.env['SSH_AUTH_SOCK'];
}, 300_000);
afterEach(() => {
  spawnSync('ssh-add', ['-q', '-D'], { env: { ...process.env, SSH_AUTH_SOCK: agent.socket } });
  delete process.env['SSH_AUTH_SOCK'];
});
afterAll(async () => {
  if (inherited !== undefined) process.env['SSH_AUTH_SOCK'] = inherited;
  kill(agent.pid);
  await sshd.remove();
  rmSync(folder, { recursive: true });
});

let configs = 0;
function configOf(text: string): string {
  const file = join(folder, `config${configs++}`);
  writeFileSync(file, text);
  return file;
}
const target = (ssh: SshSettings = {}, address = 'h.example'): Target => ({
  name: address,
  address,
  ssh,
  become: { method: 'none' },
});
const filesOf = async (targets: readonly Target[], config = ''): Promise<readonly string[]> =>
  (await lockedKeys(targets, { sshConfig: configOf(config) })).map(({ file }) => file.replace(`${folder}/`, ''));
const inAgent = (key: string): void => {
  process.env['SSH_AUTH_SOCK'] = agent.socket;
  expect(spawnSync('ssh-add', ['-q', key], { env: process.env }).status).toBe(0);
};

it('names each encrypted key once, of the inventory, of ssh_config and of bastions', async () => {
  const identity = join(folder, 'locked');
  expect(await filesOf([target({ identity }), target({ identity }, 'other')])).toEqual(['locked']);
  expect(await filesOf([target()], `IdentityFile ${folder}/pem\nIdentityFile ${folder}/open`)).toEqual(['pem']);
  const bastions = `Host jump\n IdentityFile ${folder}/pem\n ProxyJump none\nHost *\n IdentityFile ${folder}/open`;
  expect(await filesOf([target({ jump: 'jump' })], bastions)).toEqual(['pem']);
  expect(await filesOf([target({ jump: 'one,jump' })], bastions)).toEqual(['pem']);
});

it('ends where bastions lead in a circle', async () => {
  const config = `Host a\n ProxyJump b\nHost b\n ProxyJump a\nHost *\n IdentityFile ${folder}/locked`;
  expect(await filesOf([target({}, 'a')], config)).toEqual(['locked']);
});

it('asks for none that somebody else can open', async () => {
  const identity = join(folder, 'locked');
  expect(await filesOf([target({ identity, passphrase: secret('open-sesame') })])).toEqual([]);
  expect(await filesOf([target({ identity, password: secret('of-the-login') })])).toEqual([]);
  expect(await filesOf([target({ identity: join(folder, 'open') })])).toEqual([]);
  expect(await filesOf([target({ identity: '/nowhere' })])).toEqual([]);
  inAgent(sshd.key);
  // The agent has this key; another one in it is of no use.
  expect(await filesOf([target({ identity })])).toEqual([]);
  expect(await filesOf([target({ identity: join(folder, 'pem') })])).toEqual(['pem']);
});

it('passes over ssh’s own keys where there is another way', async () => {
  const home = join(folder, '.ssh/id_ed25519');
  const config = (more: string) => `IdentityFile ${home}\n${more}`;
  spawnSync('install', ['-D', '-m', '600', join(folder, 'locked'), home]);
  const outer = process.env['HOME'];
  process.env['HOME'] = folder;
  try {
    expect(await filesOf([target()], config(''))).toEqual(['.ssh/id_ed25519']);
    expect(await filesOf([target()], config(`IdentityFile ${folder}/open`))).toEqual([]);
    inAgent(join(folder, 'open'));
    expect(await filesOf([target()], config(''))).toEqual([]);
  } finally {
    process.env['HOME'] = outer;
  }
});

it.each(['locked', 'pem'])('%s: knows the right passphrase from a wrong one', async (name) => {
  const [key] = await lockedKeys([target({ identity: join(folder, name) })], { sshConfig: configOf('') });
  expect(await key?.opensWith(secret('open-sesame'))).toBe(true);
  expect(await key?.opensWith(secret('open-sesam'))).toBe(false);
  expect(await key?.opensWith(secret(''))).toBe(false);
});

it('logs in with the passphrase of the inventory, and says when it is wrong', async () => {
  const identity = join(folder, 'locked');
  const session = await connect(sshd.target({ identity, passphrase: secret('open-sesame') }));
  const [result] = await session.run([sh`id -un`]);
  await session.close();
  expect(String(result?.stdout)).toBe('root\n');
  await expect(connect(sshd.target({ identity, passphrase: secret('wrong-canary') }))).rejects.toMatchObject({
    code: 'Unreachable',
    message: `the passphrase that was given does not open the key file ${identity}`,
  });
});
