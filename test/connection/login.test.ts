import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { authentication, credentialsOf } from '../../lib/connection/credentials.ts';
import { type ConnectOptions, connect, type Target } from '../../lib/connection/index.ts';
import { isEncrypted } from '../../lib/connection/key-file.ts';
import { isBusy, loginFailure } from '../../lib/connection/login-failure.ts';
import { parseJump, parseSettings, sshHostFrom } from '../../lib/connection/ssh-host.ts';
import { secret } from '../../lib/secret.ts';
import { sh } from '../../lib/sh.ts';
import { freePort, keygen, kill, password, prepareMachine, type Sshd, startSshd, users } from './sshd.ts';

let sshd: Sshd;
let folder: string;
const agentSocket = process.env['SSH_AUTH_SOCK'];

beforeAll(async () => {
  prepareMachine();
  sshd = await startSshd();
  folder = mkdtempSync(join(tmpdir(), 'konverge-login-'));
  keygen('ed25519', join(folder, 'stranger'));
  spawnSync('cp', [sshd.key, join(folder, 'locked')]);
  spawnSync('ssh-keygen', ['-p', '-P', '', '-N', 'open-sesame', '-f', join(folder, 'locked')]);
  delete process.env['SSH_AUTH_SOCK'];
}, 300_000);
afterEach(() => {
  delete process.env['SSH_AUTH_SOCK'];
});
afterAll(async () => {
  if (agentSocket !== undefined) process.env['SSH_AUTH_SOCK'] = agentSocket;
  await sshd.remove();
  rmSync(folder, { recursive: true });
});

let files = 0;
const config = (text: string): string => {
  const file = join(folder, `ssh_config${files++}`);
  writeFileSync(file, `${text}\nUserKnownHostsFile ${sshd.knownHosts}\n`);
  return file;
};
const attempt = async (target: Target, options: ConnectOptions = {}): Promise<string> => {
  const session = await connect(target, options);
  const [result] = await session.run([sh`id -un`]);
  await session.close();
  return String(result?.stdout).trim();
};
/** What ssh_config alone knows. */
const bare = (address: string): Target => ({ name: 'n1', address, ssh: {}, become: { method: 'none' } });

describe('logging in', () => {
  it('with ssh_config alone: HostName, Port, User, IdentityFile', async () => {
    const text = `Host alias\n HostName 127.0.0.1\n Port ${sshd.port}\n User ${users.plain}\n IdentityFile ${sshd.key}`;
    expect(await attempt(bare('alias'), { sshConfig: config(`${text}\nHost *`) })).toBe(users.plain);
  });

  it('with explicit settings over ssh_config’s', async () => {
    const sshConfig = config(`Host 127.0.0.1\n Port 1\n User nobody\n IdentityFile /nowhere\nHost *`);
    expect(await attempt(sshd.target(), { sshConfig })).toBe('root');
  });

  it('as root where nothing names a user', async () => {
    const sshConfig = config(`Port ${sshd.port}\nIdentityFile ${sshd.key}`);
    expect(await attempt(bare('127.0.0.1'), { sshConfig })).toBe('root');
  });

  it('with a password', async () => {
    const sshConfig = config('');
    const ssh = { port: sshd.port, user: users.asking, password: secret(password) };
    expect(await attempt({ ...bare('127.0.0.1'), ssh }, { sshConfig })).toBe(users.asking);
  });

  it('with the agent, of the environment or of ssh_config; one that is dead is passed over', async () => {
    const socket = join(folder, 'agent');
    const started = spawnSync('ssh-agent', ['-s', '-a', socket], { encoding: 'utf8' });
    const pid = Number(/SSH_AGENT_PID=(\d+)/.exec(started.stdout)?.[1]);
    const env = { ...process.env, SSH_AUTH_SOCK: socket };
    expect(spawnSync('ssh-add', ['-q', sshd.key], { env }).status).toBe(0);
    const target = { ...bare('127.0.0.1'), ssh: { port: sshd.port, user: 'root' } };
    expect(await attempt(target, { sshConfig: config(`IdentityAgent ${socket}`) })).toBe('root');
    process.env['SSH_AUTH_SOCK'] = socket;
    expect(await attempt(target, { sshConfig: config('') })).toBe('root');
    kill(pid);
    expect(await attempt(target, { sshConfig: config(`IdentityFile ${sshd.key}`) })).toBe('root');
    await expect(attempt(target, { sshConfig: config('') })).rejects.toThrow(/agent at .* does not answer/);
  });

  it('with an encrypted key, if somebody knows its passphrase', async () => {
    const target = sshd.target({ identity: join(folder, 'locked') });
    const asked: string[] = [];
    const askPassphrase = (file: string): Promise<ReturnType<typeof secret<string>>> => {
      asked.push(file);
      return Promise.resolve(secret('open-sesame'));
    };
    expect(await attempt(target, { askPassphrase })).toBe('root');
    expect(asked).toEqual([join(folder, 'locked')]);
    await expect(attempt(target)).rejects.toMatchObject({
      code: 'Unreachable',
      message: expect.stringMatching(/locked is encrypted and no passphrase/),
      details: { mend: `put it into the agent: ssh-add ${join(folder, 'locked')}` },
    });
  });

  it('fails with all that was tried and what was left out', async () => {
    const ssh = { identity: join(folder, 'stranger'), password: secret('wrong-password') };
    const sshConfig = config(`IdentityFile ${join(folder, 'locked')}`);
    await expect(attempt(sshd.target(ssh), { sshConfig })).rejects.toMatchObject({
      code: 'Unreachable',
      message: expect.stringMatching(/^n1: root is not let in \(tried: key .*stranger, password; left out: .*locked/),
      details: { mend: expect.stringContaining('~root/.ssh/authorized_keys'), touched: false, place: { host: 'n1' } },
    });
    const absent = attempt(sshd.target({ identity: join(folder, 'absent') }));
    await expect(absent).rejects.toMatchObject({ details: { mend: expect.stringContaining('ssh.identity') } });
  });

  it('fails at once at a port where nobody listens', async () => {
    const port = await freePort();
    await expect(attempt(sshd.target({ port }))).rejects.toMatchObject({
      code: 'Unreachable',
      message: `n1: 127.0.0.1 port ${port} refuses the connection`,
      details: { mend: expect.stringContaining('sshd runs') },
    });
  });

  it('fails in time at a host that says nothing, and at one that hangs up', async () => {
    const mute = createServer(() => undefined);
    const rude = createServer((socket) => socket.destroy());
    const ports = [await freePort(), await freePort()];
    mute.listen(ports[0], '127.0.0.1');
    rude.listen(ports[1], '127.0.0.1');
    const target = (port = 0): Target => ({ ...sshd.target({ port }), connectTimeoutMs: 300 });
    await expect(attempt(target(ports[0]))).rejects.toThrow(`port ${ports[0]} gave no answer within 0.3 s`);
    await expect(attempt(target(ports[1]))).rejects.toThrow(`port ${ports[1]} hung up`);
    mute.close();
    rude.close();
  });

  it('refuses what ssh refuses', async () => {
    const sshConfig = config('NoSuchWord yes');
    await expect(attempt(sshd.target(), { sshConfig })).rejects.toMatchObject({
      code: 'BadInput',
      details: { said: expect.stringContaining('nosuchword') },
    });
  });
});

describe('the order of the ways in', () => {
  const host = sshHostFrom(parseSettings('hostname h'), { password: secret('pass-word') }, 'me');
  const agent = { label: 'agent', method: { type: 'agent', username: 'me', agent: '/a' } } as const;

  it('passes over what the server does not accept, and ends', async () => {
    const { usable } = await credentialsOf({ ...host, agent: undefined }, {});
    const { next, tried } = authentication([agent, ...usable]);
    expect(next(null, null)).toMatchObject({ type: 'agent' });
    expect(next(['publickey', 'keyboard-interactive'], false)).toMatchObject({ type: 'keyboard-interactive' });
    expect(next(['publickey'], false)).toBe(false);
    expect(tried).toEqual(['agent', 'keyboard-interactive']);
  });

  it('starts anew when the server wants a second factor', async () => {
    const { usable } = await credentialsOf({ ...host, agent: undefined }, {});
    const { next } = authentication([...usable, agent]);
    expect(next(null, null)).toMatchObject({ type: 'password' });
    expect(next(['publickey'], false)).toMatchObject({ type: 'agent' });
    expect(next(['password'], true)).toMatchObject({ type: 'password' });
  });

  it('answers every hidden question with the password, and no other', async () => {
    const { usable } = await credentialsOf({ ...host, agent: undefined }, {});
    const asking = usable.map(({ method }) => method).find(({ type }) => type === 'keyboard-interactive');
    if (asking === undefined || !('prompt' in asking)) throw new Error('there is no such way');
    const answers: string[][] = [];
    const prompts = [{ prompt: 'Password: ', echo: false }, { prompt: 'Name: ', echo: true }, { prompt: 'PIN: ' }];
    asking.prompt('', '', '', prompts, (given) => answers.push([...given]));
    expect(answers).toEqual([['pass-word', '', 'pass-word']]);
  });

  it('puts the agent last with IdentitiesOnly', async () => {
    const socket = join(folder, 'listening');
    const server = createServer((each) => each.destroy());
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    const both = { ...host, password: undefined, agent: socket, identities: [sshd.key] };
    const labels = async (identitiesOnly: boolean): Promise<readonly string[]> =>
      (await credentialsOf({ ...both, identitiesOnly }, {})).usable.map(({ label }) => label.split(' ')[0] ?? '');
    expect(await labels(false)).toEqual(['agent', 'key']);
    expect(await labels(true)).toEqual(['key', 'agent']);
    server.close();
  });
});

describe('failures in words', () => {
  const host = sshHostFrom(parseSettings('hostname h.example\nport 22'), {}, 'root');
  const told = (thrown: unknown): string =>
    loginFailure(thrown, { name: 'n1', host, timeoutMs: 5000, tried: [], leftOut: [], shown: undefined }).message;

  it.each([
    ['ETIMEDOUT', 'gave no answer within 5 s'],
    ['EHOSTUNREACH', 'there is no way to'],
    ['ENETUNREACH', 'there is no way to'],
    ['ENOTFOUND', 'is not known'],
    ['EAI_AGAIN', 'cannot be looked up now'],
    ['ECONNRESET', 'hung up'],
    ['EODD', 'does not complete the login: oh'],
  ])('%s', (code, words) => {
    expect(told(Object.assign(new Error('oh'), { code }))).toContain(words);
  });

  it.each([
    ['client-authentication', 'nothing to log in with'],
    ['client-timeout', 'gave no answer'],
    ['agent', 'the agent did not sign: oh'],
  ])('level %s', (level, words) => {
    expect(told(Object.assign(new Error('oh'), { level }))).toContain(words);
  });

  it('anything else, and what is not an error', () => {
    expect(told('odd')).toContain('does not complete the login: odd');
    expect(isBusy('odd')).toBe(false);
  });
});

describe('the pure parts', () => {
  it.each([
    ['bastion', { host: 'bastion' }],
    ['me@bastion:2222', { host: 'bastion', port: 2222, user: 'me' }],
    ['me@[fe80::1]:22', { host: 'fe80::1', port: 22, user: 'me' }],
    ['ssh://me@bastion:22/', { host: 'bastion', port: 22, user: 'me' }],
  ])('reads the jump %s', (jump, expected) => {
    expect(parseJump(jump)).toEqual(expected);
  });

  it('reads what ssh -G prints', () => {
    const text = `hostname h.example
port 2200
identityfile ~/.ssh/%h
identityfile /k/%r-%%
identitiesonly yes
identityagent none
proxyjump a,b
hostkeyalias other
hashknownhosts yes
userknownhostsfile ~/known /second
globalknownhostsfile /etc/known
`;
    expect(sshHostFrom(parseSettings(text), { identity: '/k/mine' }, 'me')).toMatchObject({
      host: 'h.example',
      port: 2200,
      user: 'me',
      identity: '/k/mine',
      identities: [`${process.env['HOME']}/.ssh/h.example`, '/k/me-%'],
      identitiesOnly: true,
      agent: undefined,
      jumps: ['a', 'b'],
      keyName: '[other]:2200',
      knownHosts: [`${process.env['HOME']}/known`, '/second', '/etc/known'],
      hostKeys: 'yes',
      hashKnownHosts: true,
    });
    process.env['KV_AGENT'] = '/run/agent';
    const agents = ['$KV_AGENT', '${KV_AGENT}', '/a/%r'].map(
      (agent) => sshHostFrom(parseSettings(`hostname h\nidentityagent ${agent}`), {}, 'me').agent,
    );
    expect(agents).toEqual(['/run/agent', '/run/agent', '/a/me']);
    const command = parseSettings('hostname h\nproxycommand nc %h %p');
    expect(() => sshHostFrom(command, {}, 'me')).toThrow('ProxyCommand is not supported');
  });

  it.each([
    ['-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n', true],
    ['-----BEGIN ENCRYPTED PRIVATE KEY-----\n', true],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIE\n', false],
  ])('sees whether a key is encrypted', (text, expected) => {
    expect(isEncrypted(text)).toBe(expected);
  });
});
