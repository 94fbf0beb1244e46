import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pkg, pkgAbsent } from '../../lib/resources/package.ts';
import { sh } from '../../lib/sh.ts';
import { converge, probeOn, shells } from './harness.ts';
import { rpmRepository } from './package-fixtures.ts';
import { type Sandbox, sandbox } from './package-sandbox.ts';

// Real dnf and rpm, in a layer over this machine, with a repository of packages made here.
let folder: string;
let repo: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'konverge-dnf-'));
  repo = await rpmRepository(folder, [
    ...['1.29.5-150500.1.1', '1.29.6-150500.1.1', '1.29.60-150500.1.1'].flatMap((version) => [
      { name: 'kubeadm', version, depends: ['kubelet'] },
      { name: 'kubelet', version },
    ]),
    { name: 'iptables-nft', version: '1.8.8-6', provides: ['iptables = 1.8.8'] },
  ]);
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

/** A host whose dpkg is empty, as on RHEL with EPEL's dpkg, and that knows our repository alone. */
async function host(configuration = '[main]\ngpgcheck=1\n'): Promise<Sandbox> {
  const box = await sandbox();
  await box.inside(sh`
: >/var/lib/dpkg/status
rm -rf /etc/yum.repos.d/* /var/cache/dnf && mkdir -p /etc/yum.repos.d /etc/dnf
printf %s ${configuration} >/etc/dnf/dnf.conf
printf '[ours]\nname=ours\nbaseurl=file://%s\ngpgcheck=0\n' ${repo} >/etc/yum.repos.d/ours.repo`);
  return box;
}

const pair = ['kubeadm', 'kubelet'];

describe('pkg on a host with dnf', { timeout: 60_000 }, () => {
  test('installs the wanted version and holds it; an upgrade goes through its own hold', async () => {
    const box = await host();
    expect(await converge('dash', pkg(pair, { version: '1.29.5', hold: true }), box)).toEqual([
      { path: 'kubeadm', to: '1.29.5' },
      { path: 'kubelet', to: '1.29.5' },
      { path: 'kubeadm held', from: 'no', to: 'yes' },
      { path: 'kubelet held', from: 'no', to: 'yes' },
    ]);
    expect(await box.inside(sh`cat /etc/dnf/dnf.conf`)).toBe('[main]\nexcludepkgs=kubeadm kubelet\ngpgcheck=1\n');
    expect(await box.inside(sh`dnf -y upgrade`)).toMatch(/Nothing to do/);

    const newer = pkg(pair, { version: '1.29.6', hold: true });
    expect(await converge('busybox sh', newer, box)).toEqual([
      { path: 'kubeadm', from: '1.29.5-150500.1.1', to: '1.29.6' },
      { path: 'kubelet', from: '1.29.5-150500.1.1', to: '1.29.6' },
    ]);
    for (const shell of shells) expect(await converge(shell, newer, box)).toEqual([]);
    expect(await converge('dash', pkg('kubelet', { hold: false }), box)).toHaveLength(1);
    expect(await box.inside(sh`cat /etc/dnf/dnf.conf`)).toBe('[main]\nexcludepkgs=kubeadm\ngpgcheck=1\n');
  });

  test('goes back only when that is allowed', async () => {
    const box = await host();
    await converge('dash', pkg(pair, { version: '1.29.6-150500.1.1' }), box);
    const older = converge('dash', pkg(pair, { version: '1.29.5' }), box);
    await expect(older).rejects.toMatchObject({ code: 'Refused', details: { touched: false } });
    await converge('dash', pkg(pair, { version: '1.29.5', allowDowngrade: true }), box);
    expect((await probeOn('dash', pkg('kubelet'), box)).packages[0]?.version).toBe('1.29.5-150500.1.1');
  });

  test('a name may be provided by another package, but not a held or a pinned one', async () => {
    const box = await host();
    await converge('dash', pkg('iptables'), box);
    expect(await converge('dash', pkg('iptables'), box)).toEqual([]);
    const state = await probeOn('dash', pkg('iptables'), box);
    expect(pkg('iptables', { version: '1.8.8' }).diff(state, { changed: () => false })).toHaveLength(1);
    expect(pkgAbsent('iptables').diff(state, { changed: () => false })).toEqual([]);
  });

  test('says what is missing, and what an exclude hides', async () => {
    const box = await host('[main]\nexclude=iptables-n*\n');
    await expect(converge('dash', pkg('kubelet', { version: '1.29.7' }), box)).rejects.toMatchObject({
      code: 'PackageMissing',
      message: expect.stringContaining('they have 1.29.60-150500.1.1, 1.29.6-150500.1.1, 1.29.5-150500.1.1'),
    });
    await expect(converge('dash', pkg(['kubelet', 'kubelett']), box)).rejects.toMatchObject({
      code: 'PackageMissing',
      message: 'no package repository of this host has kubelett: none of them knows the name',
    });
    await expect(converge('dash', pkg('iptables-nft'), box)).rejects.toMatchObject({
      code: 'CommandFailed',
      details: {
        mend: 'iptables-nft is excluded by dnf.conf, by its repository or by dnf versionlock: allow it there',
      },
    });
    await box.inside(sh`echo gone >/etc/yum.repos.d/ours.repo`);
    await expect(converge('dash', pkg('kubelet'), box)).rejects.toMatchObject({ code: expect.any(String) });
  });

  test('removes, and leaves what the removed one needed', async () => {
    const box = await host();
    await converge('dash', pkg(pair, { hold: true }), box);
    expect(await converge('dash', pkgAbsent('kubeadm'), box)).toEqual([
      { path: 'kubeadm', from: '1.29.60-150500.1.1' },
    ]);
    expect(await converge('dash', pkgAbsent('kubeadm'), box)).toEqual([]);
    expect(await converge('dash', pkg('kubelet'), box)).toEqual([]);
  });
});
