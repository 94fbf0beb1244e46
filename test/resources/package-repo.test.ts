import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pkg } from '../../lib/resources/package.ts';
import { packageRepo } from '../../lib/resources/package-repo.ts';
import { listPrefix } from '../../lib/resources/repo-definition.ts';
import { sh } from '../../lib/sh.ts';
import { converge, nothingChanged, probeOn } from './harness.ts';
import { debRepository, rpmRepository } from './package-fixtures.ts';
import { type Sandbox, sandbox } from './package-sandbox.ts';
import { endSigning, type Signer, signer } from './signing.ts';

// Real apt, dnf and gpg: signed repositories made here, read by a layer over this machine.
let folder: string;
let deb: string;
let rpm: string;
let ours: Signer;
let strangers: Signer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kr-'));
  const home = await mkdtemp(join(folder, 'g'));
  ours = await signer(home, 'ours');
  strangers = await signer(home, 'strangers');
  await writeFile(join(folder, 'key.gpg'), ours.binary);
  await writeFile(join(folder, 'key.asc'), ours.armored);
  await writeFile(join(folder, 'page'), '<!DOCTYPE html><html>not found</html>');
  deb = await debRepository(folder, [{ name: 'kubelet', version: '1.29.6-1.1' }]);
  await ours.clearSign(join(deb, 'Release'), join(deb, 'InRelease'));
  rpm = await rpmRepository(folder, [{ name: 'kubelet', version: '1.29.6-150500.1.1' }]);
  await ours.detachSign(join(rpm, 'repodata/repomd.xml'), join(rpm, 'repodata/repomd.xml.asc'));
  await endSigning(home);
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

async function debianHost(): Promise<Sandbox> {
  const box = await sandbox();
  await box.inside(sh`rm -rf /etc/apt/sources.list /etc/apt/sources.list.d/* /etc/apt/keyrings /var/lib/apt/lists/*`);
  return box;
}

async function rockyHost(): Promise<Sandbox> {
  const box = await sandbox();
  await box.inside(sh`
: >/var/lib/dpkg/status
rm -rf /etc/yum.repos.d/* /var/cache/dnf && mkdir -p /etc/yum.repos.d /etc/dnf
printf '[main]\ngpgcheck=1\n' >/etc/dnf/dnf.conf`);
  return box;
}

const aptRepo = (key: Parameters<typeof packageRepo>[1]['deb']) =>
  packageRepo('kubernetes', key === undefined ? {} : { deb: key });
const flat = (key: { url: string; sha256?: string } | { text: string }) =>
  aptRepo({ uri: `file://${deb}/`, suite: '/', key });

describe('apt', { timeout: 60_000 }, () => {
  test('a flat repository by a binary key: readable, trusted, never fetched twice', async () => {
    const box = await debianHost();
    const repo = flat({ url: `file://${folder}/key.gpg`, sha256: sha256(ours.binary) });
    expect((await converge('dash', repo, box)).map(({ path }) => path)).toEqual(['definition', 'key']);
    expect(await box.inside(sh`cat /etc/apt/sources.list.d/kubernetes.sources`)).toBe(
      `# Written by konverge: changes made by hand do not last.
# key: file://${folder}/key.gpg
Types: deb
URIs: file://${deb}/
Suites: /
Signed-By: /etc/apt/keyrings/kubernetes.asc
`,
    );
    expect(
      await box.inside(sh`stat -c %a /etc/apt/keyrings /etc/apt/keyrings/kubernetes.asc; ls /var/lib/konverge`),
    ).toBe('755\n644\n');
    expect(await converge('bash --posix', repo, box)).toEqual([]);
    await converge('dash', pkg('kubelet', { version: '1.29.6' }), box);

    await box.inside(sh`rm -r /var/lib/apt/lists`);
    expect(await converge('dash', repo, box)).toEqual([{ path: 'metadata', from: 'never fetched', to: 'current' }]);
    await box.inside(sh`echo >/etc/apt/keyrings/kubernetes.asc`);
    expect(await converge('dash', repo, box)).toMatchObject([{ path: 'key', from: 'another one' }]);
  });

  test('a key given as text; another key is refused and leaves everything as it was', async () => {
    const box = await debianHost();
    await converge('dash', flat({ text: ours.armored }), box);
    const before = await box.inside(sh`cat /etc/apt/keyrings/* /etc/apt/sources.list.d/*`);
    const wrong = flat({ text: strangers.armored });
    expect(wrong.diff(await probeOn('dash', wrong, box), nothingChanged)).toEqual([
      { path: 'key', from: 'another one', to: 'the given key' },
    ]);
    await expect(converge('dash', wrong, box)).rejects.toMatchObject({
      message: 'repository kubernetes cannot be read, or its signature is not good; nothing was configured',
      details: { touched: false, said: expect.stringMatching(/NO_PUBKEY|not signed/) },
    });
    expect(await box.inside(sh`cat /etc/apt/keyrings/* /etc/apt/sources.list.d/*`)).toBe(before);
    expect(await converge('dash', flat({ text: ours.armored }), box)).toEqual([]);
  });

  test('a key that cannot be had, is another one, or is a web page', async () => {
    const box = await debianHost();
    const tried = (key: { url: string; sha256?: string }) => converge('dash', flat(key), box);
    await expect(tried({ url: `file://${folder}/none` })).rejects.toThrow(`fetched from file://${folder}/none`);
    await expect(tried({ url: `file://${folder}/page` })).rejects.toThrow('is a web page, not a key');
    await expect(tried({ url: `file://${folder}/key.asc`, sha256: '0'.repeat(64) })).rejects.toMatchObject({
      message: expect.stringContaining('is not the wished one'),
      details: { said: `its sha256 is ${sha256(Buffer.from(ours.armored))}` },
    });
    expect(await box.inside(sh`ls /etc/apt/sources.list.d /var/lib/konverge`)).not.toMatch(/kubernetes/);
  });
});

describe('dnf', { timeout: 60_000 }, () => {
  const repo = (key: { url: string } | { text: string }) =>
    packageRepo('kubernetes', { rpm: { baseurl: `file://${rpm}`, key, exclude: ['cri-tools'], repoGpgcheck: true } });

  test('signed metadata is read, and not fetched twice', async () => {
    const box = await rockyHost();
    const wish = repo({ url: `file://${folder}/key.asc` });
    await converge('dash', wish, box);
    expect(await box.inside(sh`cat /etc/yum.repos.d/kubernetes.repo`)).toBe(
      `# Written by konverge: changes made by hand do not last.
# key: file://${folder}/key.asc
[kubernetes]
name=kubernetes
baseurl=file://${rpm}
enabled=1
gpgcheck=1
repo_gpgcheck=1
gpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-kubernetes
excludepkgs=cri-tools
`,
    );
    expect(await converge('bash --posix', wish, box)).toEqual([]);
    await box.inside(sh`dnf -q clean all`);
    expect(await converge('dash', wish, box)).toEqual([{ path: 'metadata', from: 'never fetched', to: 'current' }]);
    // The packages themselves bear no signature, and gpgcheck holds.
    await expect(converge('dash', pkg('kubelet'), box)).rejects.toMatchObject({
      details: { said: expect.stringMatching(/not signed/i) },
    });
  });

  test('metadata signed by someone else is refused', async () => {
    const box = await rockyHost();
    await expect(converge('dash', repo({ text: strangers.armored }), box)).rejects.toThrow('its signature is not good');
    expect(await box.inside(sh`ls /etc/yum.repos.d`)).toBe('');
  });
});

test.each([
  ['https://pkgs.k8s.io/core:/stable:/v1.29/deb/', '/', 'pkgs.k8s.io_core:_stable:_v1.29_deb_'],
  ['http://deb.example.org/debian', 'bookworm', 'deb.example.org_debian_dists_bookworm_'],
  ['http://h:8080/a_b', './', 'h:8080_a%5fb_._'],
])('apt keeps the lists of %s %s under %s', (uri, suite, name) => {
  expect(listPrefix(uri, suite)).toBe(`/var/lib/apt/lists/${name}`);
});

const key = { url: 'https://example.org/key' };
test.each([
  ['a/b', { rpm: { baseurl: 'x', key } }, 'not the name'],
  ['a', {}, 'neither deb nor rpm'],
  ['a', { deb: { uri: 'http://x/', suite: '/', components: ['main'], key } }, 'has no components'],
  ['a', { deb: { uri: 'http://x/', suite: 'stable', key } }, 'has no components'],
  ['a', { deb: { uri: 'http://x/ y', suite: '/', key } }, 'has blanks'],
  ['a', { rpm: { baseurl: '', key } }, 'is empty'],
  ['a', { rpm: { baseurl: 'x', key: { url: 'key' } } }, 'is no http'],
  ['a', { rpm: { baseurl: 'x', key: { url: 'http://x/k', sha256: 'abc' } } }, 'not a sha256'],
  ['a', { rpm: { baseurl: 'x', key: { text: 'abc' } } }, 'no armored OpenPGP key'],
])('%s %j is refused: %s', (name, options, message) => {
  expect(() => packageRepo(name, options)).toThrow(message);
});

test('dnf, no more said than needed', () => {
  const state = { manager: 'dnf', fetched: true, definition: undefined, key: undefined } as const;
  const wish = packageRepo('x', {
    rpm: { baseurl: 'http://x', key: { text: '-----BEGIN PGP PUBLIC KEY BLOCK-----' } },
  });
  const [definition] = wish.diff(state, nothingChanged);
  expect(definition?.text?.after).toMatch(/^# Written[^#]*repo_gpgcheck=0\ngpgkey=file:[^\n]*\n$/);
});

test('a repository with components; a host nothing is said for', () => {
  const options = { deb: { uri: 'http://x/debian', suite: 'bookworm', components: ['main', 'contrib'], key } };
  const state = { manager: 'apt', fetched: true, definition: Buffer.from('old'), key: Buffer.alloc(0) } as const;
  const [definition, found] = packageRepo('x', options).diff(state, nothingChanged);
  expect(definition?.text?.after).toContain('Suites: bookworm\nComponents: main contrib\nSigned-By');
  expect(definition?.from).toBe('another one');
  expect(found).toEqual({ path: 'key', to: 'https://example.org/key' });
  expect(() => packageRepo('x', options).diff({ ...state, manager: 'dnf' }, nothingChanged)).toThrow(
    'package repository x: this host has dnf, and nothing is said for it',
  );
  const rpmOnly = packageRepo('x', { rpm: { baseurl: 'http://x', key } });
  expect(() => rpmOnly.diff(state, nothingChanged)).toThrow('nothing is said for it');
});
