import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pkg, pkgAbsent } from '../../lib/resources/package.ts';
import { sh } from '../../lib/sh.ts';
import { converge, probeOn, shells } from './harness.ts';
import { debRepository } from './package-fixtures.ts';
import { type Sandbox, sandbox } from './package-sandbox.ts';

// Real apt and dpkg, in a layer over this machine, with a repository of packages made here.
let folder: string;
let repo: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'konverge-apt-'));
  repo = await debRepository(
    folder,
    ['1.29.5-1.1', '1.29.6-1.1', '1.29.60-1.1'].flatMap((version) => [
      { name: 'kubeadm', version, depends: ['kubelet'] },
      { name: 'kubelet', version, service: true },
    ]),
  );
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

/** A Debian host that knows our repository alone, and whose lists were never fetched. */
async function host(): Promise<Sandbox> {
  const box = await sandbox();
  await box.inside(sh`
rm -rf /etc/apt/sources.list /etc/apt/sources.list.d/* /var/lib/apt/lists/*
echo ${`deb [trusted=yes] file:${repo} ./`} >/etc/apt/sources.list`);
  return box;
}

const told = (box: Sandbox): Promise<string> => box.inside(sh`cat /var/systemctl.log; : >/var/systemctl.log`);
const pair = ['kubeadm', 'kubelet'];

describe('pkg on a host with apt', { timeout: 60_000 }, () => {
  test('installs the wanted version and holds it, and starts nothing; an upgrade restarts what runs', async () => {
    const box = await host();
    expect(await converge('dash', pkg(pair, { version: '1.29.5', hold: true }), box)).toEqual([
      { path: 'kubeadm', to: '1.29.5' },
      { path: 'kubelet', to: '1.29.5' },
      { path: 'kubeadm held', from: 'no', to: 'yes' },
      { path: 'kubelet held', from: 'no', to: 'yes' },
    ]);
    const first = await told(box);
    expect(first).toMatch(/daemon-reload/);
    expect(first).not.toMatch(/ start /);
    await box.inside(sh`echo mine >/etc/kubelet.conf`);

    const newer = pkg(pair, { version: '1.29.6', hold: true });
    expect(await converge('busybox sh', newer, box)).toEqual([
      { path: 'kubeadm', from: '1.29.5-1.1', to: '1.29.6' },
      { path: 'kubelet', from: '1.29.5-1.1', to: '1.29.6' },
    ]);
    expect(await told(box)).toMatch(/^--quiet --system try-restart kubelet.service$/m);
    expect(await box.inside(sh`cat /etc/kubelet.conf; apt-mark showhold`)).toBe('mine\nkubeadm\nkubelet\n');
    for (const shell of shells) expect(await converge(shell, newer, box)).toEqual([]);
  });

  test('goes back only when that is allowed', async () => {
    const box = await host();
    await converge('dash', pkg(pair, { version: '1.29.6-1.1' }), box);
    const older = converge('dash', pkg(pair, { version: '1.29.5' }), box);
    await expect(older).rejects.toThrow('kubeadm 1.29.6-1.1 is installed, which is newer than the wished 1.29.5');
    const changes = await converge('dash', pkg(pair, { version: '1.29.5', allowDowngrade: true }), box);
    expect(changes[0]).toEqual({ path: 'kubeadm', from: '1.29.6-1.1', to: '1.29.5 (older)' });
  });

  test('finishes what a killed run left, and releases', async () => {
    const box = await host();
    await box.inside(sh`apt-get update >/dev/null && dpkg --unpack ${repo}/kubelet_1.29.6-1.1_all.deb`);
    expect(await converge('bash --posix', pkg('kubelet'), box)).toEqual([
      { path: 'kubelet', from: '1.29.6-1.1 unpacked', to: 'installed' },
    ]);
    await box.inside(sh`apt-mark hold kubelet`);
    expect(await converge('dash', pkg('kubelet', { hold: false }), box)).toEqual([
      { path: 'kubelet held', from: 'yes', to: 'no' },
    ]);
  });

  test('fetches lists again when they do not know the version', async () => {
    const box = await host();
    await box.inside(sh`
mkdir /opt/repo && cp ${repo}/kubelet_1.29.5* /opt/repo/ && cd /opt/repo && apt-ftparchive packages . >Packages
echo 'deb [trusted=yes] file:/opt/repo ./' >/etc/apt/sources.list && apt-get update
cp ${repo}/kubelet_1.29.6-* /opt/repo/ && apt-ftparchive packages . >Packages`);
    await converge('dash', pkg('kubelet', { version: '1.29.6' }), box);
    expect((await probeOn('dash', pkg('kubelet'), box)).packages[0]?.version).toBe('1.29.6-1.1');
  });

  test('says which versions there are when the wanted one is not among them', async () => {
    const box = await host();
    await expect(converge('dash', pkg(pair, { version: '1.29.7' }), box)).rejects.toMatchObject({
      code: 'PackageMissing',
      message: 'no package repository of this host has kubeadm 1.29.7: they have 1.29.60-1.1, 1.29.6-1.1, 1.29.5-1.1',
      details: {
        touched: false,
        mend: expect.stringContaining('configure the repository that carries kubeadm 1.29.7'),
      },
    });
    await expect(converge('dash', pkg('kubelett'), box)).rejects.toMatchObject({
      message: 'no package repository of this host has kubelett: none of them knows the name',
      details: { mend: expect.stringContaining('packageRepo') },
    });
  });
});

test('pkgAbsent removes, but what was configured stays', { timeout: 60_000 }, async () => {
  const box = await host();
  await converge('dash', pkg('kubelet', { hold: true }), box);

  const changes = await converge('dash', pkgAbsent(['kubelet', 'nothing']), box);
  expect(changes).toEqual([{ path: 'kubelet', from: '1.29.60-1.1' }]);
  expect(await box.inside(sh`ls /etc/kubelet.conf`)).toBe('/etc/kubelet.conf\n');
  expect(await converge('dash', pkgAbsent('kubelet'), box)).toEqual([]);
});
