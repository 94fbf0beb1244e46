import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { isSecret, type Resource } from '../../../lib/index.ts';
import { authorityHere, authorityKey, authorityState, decideAuthority } from '../../../roles/etcd/authority.ts';
import { certificate } from '../../../roles/etcd/certificate.ts';
import { signed } from '../../../roles/etcd/certificate-scripts.ts';
import { converge, runOn, type Shell, shells } from '../../resources/harness.ts';
import { type Sandbox, sandbox } from '../../resources/sandbox.ts';

const files = { certFile: '/etc/etcd/pki/member.crt', keyFile: '/etc/etcd/pki/member.key', owner: 'root' };
const sans = ['mn01', '10.0.0.1', 'localhost', '127.0.0.1'];

describe.each(shells)('with openssl, by %s', (shell) => {
  test('made once; made anew when names, CA, key or time ask for it', { timeout: 120_000 }, async () => {
    const host = await sandbox();
    const run = async (text: string): Promise<string> => {
      const { code, stdout, stderr } = await runOn('dash', { ...authorityState.script, text }, host.surroundings);
      if (code !== 0) throw new Error(stderr.toString());
      return stdout.toString().trim();
    };
    await run('mkdir -p /etc/etcd/pki');
    expect((await ask(shell, host, authorityState)).pem).toBeUndefined();
    expect(await on(shell, host, authorityHere())).toEqual([{ path: 'CA', to: 'made here, for ten years' }]);
    expect(await on(shell, host, authorityHere())).toEqual([]);
    const { pem: authority = '', signs } = await ask(shell, host, authorityState);
    expect(signs).toBe(true);
    expect(new X509Certificate(authority).ca).toBe(true);
    expect(isSecret(await ask(shell, host, authorityKey))).toBe(true);

    const wish = (names = sans, days = 365, pem = authority) =>
      certificate(files, { name: 'mn01', sans: names, authority: pem }, (request) =>
        ask(shell, host, signed({ request, sans: names, usage: 'serverAuth,clientAuth', days })),
      );
    expect(await on(shell, host, wish())).toEqual([
      { path: 'certificate', to: 'for mn01, 10.0.0.1, localhost, 127.0.0.1' },
    ]);
    expect(await on(shell, host, wish())).toEqual([]);
    const made = new X509Certificate(await run(`cat ${files.certFile}`));
    expect(made.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
    expect(made.verify(new X509Certificate(authority).publicKey)).toBe(true);
    expect(await run(`head -n 1 ${files.keyFile}`)).toBe('-----BEGIN EC PRIVATE KEY-----');
    expect(await run(`stat -c %a ${files.keyFile}; ls /etc/etcd/pki`)).toBe(
      '600\nca.crt\nca.key\nmember.crt\nmember.key',
    );

    const why = async (wished: Resource<unknown>) => (await on(shell, host, wished))[0]?.from;
    expect(await why(wish(['mn01', '10.0.0.9']))).toBe('for mn01, 10.0.0.1, localhost, 127.0.0.1');
    await run(`rm ${files.keyFile}`);
    expect(await why(wish())).toBe('its private key is missing or another one');
    await run(`chmod 0644 ${files.keyFile}`);
    expect(await on(shell, host, wish())).toEqual([{ path: 'key mode', from: '644 root', to: '600 root' }]);
    // One that lasts too short a time is made anew at once, so that it never converges.
    await run(`rm ${files.certFile}`);
    await expect(on(shell, host, wish(sans, 80))).rejects.toThrow(/(79|80) days left/);
    expect(await why(wish())).toMatch(/^(79|80) days left$/);
    await run('rm /etc/etcd/pki/ca.crt');
    await on(shell, host, authorityHere());
    const { pem: other = '' } = await ask(shell, host, authorityState);
    expect(await why(wish(sans, 365, other))).toBe('of another CA');
    expect(await on(shell, host, wish(sans, 365, other))).toEqual([]);
  });
});

async function ask<T>(
  shell: Shell,
  { surroundings }: Sandbox,
  probe: { readonly script: Resource<unknown>['probe']['script']; parse(out: Buffer): T },
): Promise<T> {
  const { code, stdout, stderr } = await runOn(shell, probe.script, surroundings);
  if (code !== 0) throw new Error(stderr.toString());
  return probe.parse(stdout);
}

const on = (shell: Shell, { surroundings }: Sandbox, resource: Resource<unknown>) =>
  converge(shell, resource, surroundings);

const selfSigned = (): string =>
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', '/dev/null', '-subj', '/CN=etcd-ca', '-days', '1'],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  ).toString();

describe('where the CA comes from', () => {
  const pems: Readonly<Record<string, string>> = { a: selfSigned(), b: selfSigned() };
  const whose = (name: string, signs = true) => ({ pem: pems[name], signs });
  const scene = (
    own: { pem: string | undefined; signs: boolean },
    mn02?: { pem: string | undefined; signs: boolean },
  ) => ({
    name: 'mn01',
    own,
    others: [{ name: 'mn02', state: mn02 }],
    data: false,
    assumeNoCluster: [],
  });
  const none = { pem: undefined, signs: false };
  test.each([
    ['nobody has one', scene(none, none), { act: 'make' }],
    [
      'nobody has one, the silent host is known to be empty',
      { ...scene(none), assumeNoCluster: ['mn02'] },
      { act: 'make' },
    ],
    ['it has it', scene(whose('a'), none), { act: 'keep' }],
    ['it has it, the other is away', scene(whose('a')), { act: 'keep' }],
    ['the other has it', scene(none, whose('a')), { act: 'copy', from: 'mn02' }],
    ['it has it without the key', scene(whose('a', false), whose('a')), { act: 'copy', from: 'mn02' }],
    ['the other may have it', scene(none), { act: 'refuse', why: expect.stringContaining('mn02 cannot be reached') }],
    [
      'two of them',
      scene(whose('a'), whose('b')),
      { act: 'refuse', why: expect.stringContaining('two different CAs') },
    ],
    [
      'nobody has the key',
      scene(whose('a', false), none),
      { act: 'refuse', why: expect.stringContaining('private key') },
    ],
    ['there is data', { ...scene(none, none), data: true }, { act: 'refuse', why: 'there is etcd data, but no CA' }],
  ])('%s', (_, given, wished) => {
    expect(decideAuthority(given)).toMatchObject(wished);
  });
});
