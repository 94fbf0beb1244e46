import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  fingerprint,
  judge,
  type KnownKey,
  parseKnownKeys,
  preferredAlgorithms,
} from '../../lib/connection/host-keys.ts';
import { connect } from '../../lib/connection/index.ts';
import type { SshSettings } from '../../lib/inventory/types.ts';
import { keygen, prepareMachine, type Sshd, startSshd } from './sshd.ts';

let sshd: Sshd;
let folder: string;

beforeAll(async () => {
  prepareMachine();
  sshd = await startSshd({ hostKeyTypes: ['ed25519', 'ecdsa', 'rsa'] });
  folder = mkdtempSync(join(tmpdir(), 'konverge-keys-'));
  keygen('ed25519', join(folder, 'other'));
}, 300_000);
afterAll(async () => {
  await sshd.remove();
  rmSync(folder, { recursive: true });
});

let files = 0;
const knownHosts = (text: string): string => {
  const file = join(folder, `known_hosts${files++}`);
  writeFileSync(file, text);
  return file;
};
const publicKey = (file: string): string => readFileSync(`${file}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');
const name = (): string => `[127.0.0.1]:${sshd.port}`;
const attempt = async (ssh: SshSettings): Promise<void> => (await connect(sshd.target(ssh))).close();

describe('host keys', () => {
  it('an unknown one is refused, with its fingerprint and what to do', async () => {
    const shown = publicKey(join(sshd.folder, 'host_ed25519')).split(' ')[1] ?? '';
    await expect(attempt({ knownHosts: join(folder, 'absent') })).rejects.toMatchObject({
      code: 'Unreachable',
      message: `n1: the host key of ${name()} is not known: ssh-ed25519 ${fingerprint(Buffer.from(shown, 'base64'))}`,
      details: { mend: expect.stringContaining(`ssh-keyscan -p ${sshd.port} 127.0.0.1 >>${folder}/absent`) },
    });
  });

  it('a changed one is refused whatever the policy, with the exact mend', async () => {
    const file = knownHosts(`${name()} ${publicKey(join(folder, 'other'))}\n`);
    for (const hostKeys of ['yes', 'accept-new'] as const) {
      await expect(attempt({ knownHosts: file, hostKeys })).rejects.toMatchObject({
        code: 'Unreachable',
        message: expect.stringContaining('THE HOST KEY HAS CHANGED'),
        details: { mend: expect.stringContaining(`ssh-keygen -R '${name()}' -f ${file}`), touched: false },
      });
    }
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(2);
  });

  it.each(['ed25519', 'ecdsa', 'rsa'])('the one key that is known, %s, is the one that is asked for', async (type) => {
    const file = knownHosts(`${name()} ${publicKey(join(sshd.folder, `host_${type}`))}\n`);
    await expect(attempt({ knownHosts: file })).resolves.toBeUndefined();
  });

  it('a hashed name is found', async () => {
    const file = knownHosts(`${name()} ${sshd.hostKey}\n`);
    expect(spawnSync('ssh-keygen', ['-H', '-f', file]).status).toBe(0);
    expect(readFileSync(file, 'utf8')).toMatch(/^\|1\|/);
    await attempt({ knownHosts: file });
  });

  it('a revoked one is refused', async () => {
    const file = knownHosts(`${name()} ${sshd.hostKey}\n@revoked * ${sshd.hostKey}\n`);
    await expect(attempt({ knownHosts: file })).rejects.toThrow(/shows a revoked key/);
    await expect(attempt({ knownHosts: file, hostKeys: 'accept-new' })).rejects.toThrow(/shows a revoked key/);
  });

  it('accept-new records an unknown one, once, and trusts nothing else afterwards', async () => {
    const file = join(folder, 'new', 'known_hosts');
    await attempt({ knownHosts: file, hostKeys: 'accept-new' });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await attempt({ knownHosts: file, hostKeys: 'accept-new' });
    await attempt({ knownHosts: file });
    const found = spawnSync('ssh-keygen', ['-F', name(), '-f', file], { encoding: 'utf8' });
    expect(found.stdout.trim().split('\n')).toHaveLength(2);
    expect(found.stdout).toContain(sshd.hostKey);
  });

  it('accept-new hashes the name where ssh_config says so, and minds a last line without its end', async () => {
    const file = knownHosts('elsewhere ssh-ed25519 AAAA');
    const sshConfig = join(folder, 'hashing');
    writeFileSync(sshConfig, 'HashKnownHosts yes\nStrictHostKeyChecking accept-new\n');
    await (await connect(sshd.target({ knownHosts: file }), { sshConfig })).close();
    expect(readFileSync(file, 'utf8')).toMatch(/^elsewhere ssh-ed25519 AAAA\n\|1\|\S+\|\S+ ssh-ed25519 \S+\n$/);
    await attempt({ knownHosts: file });
  });

  it('a key of a login that fails is not recorded', async () => {
    const file = join(folder, 'unused');
    const ssh = { knownHosts: file, hostKeys: 'accept-new', identity: join(folder, 'other') } as const;
    await expect(attempt(ssh)).rejects.toThrow(/is not let in/);
    expect(() => statSync(file)).toThrow('ENOENT');
  });
});

describe('the pure parts', () => {
  const key = (type: string, text: string, revoked = false): KnownKey => ({
    revoked,
    type,
    blob: Buffer.from(text),
    file: 'f',
  });

  it.each([
    ['nothing is known', [], 'new'],
    ['the very key', [key('ssh-ed25519', 'shown')], 'known'],
    ['another of its kind', [key('ssh-ed25519', 'other')], 'changed'],
    ['only one of another kind', [key('ssh-rsa', 'other')], 'changed'],
    ['it among others', [key('ssh-rsa', 'other'), key('ssh-ed25519', 'shown')], 'known'],
    ['it, but revoked', [key('ssh-ed25519', 'shown'), key('ssh-ed25519', 'shown', true)], 'revoked'],
    ['another one revoked', [key('ssh-ed25519', 'other', true)], 'new'],
  ] as const)('judges when %s', (_, known, verdict) => {
    expect(judge(known, Buffer.from('shown')).kind).toBe(verdict);
  });

  it('prefers the algorithms of known keys', () => {
    expect(preferredAlgorithms([key('ssh-rsa', 'k')]).slice(0, 3)).toEqual([
      'rsa-sha2-512',
      'rsa-sha2-256',
      'ssh-ed25519',
    ]);
    expect(preferredAlgorithms([key('ssh-rsa', 'k', true)])[0]).toBe('ssh-ed25519');
    expect(preferredAlgorithms([])).toHaveLength(6);
  });

  it('reads what ssh-keygen -F prints', () => {
    const text = `# Host h found: line 1
h ssh-ed25519 AAAA comment
# Host h found: line 2 CA
@cert-authority * ssh-rsa BBBB
# Host h found: line 3 REVOKED
@revoked h ssh-rsa CCCC
`;
    expect(parseKnownKeys(text, 'f').map(({ type, revoked }) => [type, revoked])).toEqual([
      ['ssh-ed25519', false],
      ['ssh-rsa', true],
    ]);
  });
});
