import { describe, expect, test } from 'vitest';
import { kubePackages } from '../../roles/kube-packages/index.ts';
import { nothingChanged, runOn, shells } from '../resources/harness.ts';
import { sandbox } from '../resources/sandbox.ts';
import { find, rehearsed, titles } from './rehearsed.ts';

const key = { url: 'https://pkgs.k8s.io/core:/stable:/v1.29/deb/Release.key' };
const vars = {
  version: '1.29.6',
  deb: { uri: 'https://pkgs.k8s.io/core:/stable:/v1.29/deb/', suite: '/', key },
  rpm: { baseurl: 'https://pkgs.k8s.io/core:/stable:/v1.29/rpm/', key },
};
const title = 'pkg kubeadm kubelet kubectl';

test('the plan: repository, packages, a kubelet that starts at boot', async () => {
  expect(titles(await rehearsed(kubePackages, vars))).toEqual([
    'packageRepo kubernetes',
    title,
    'service kubelet.service',
  ]);
});

test('a version is one that the packages have', () => {
  expect(() =>
    kubePackages({ ...vars, version: '1.29' }).prepare({ name: 'a', address: 'b', groups: [], vars: {} }, []),
  ).toThrow('x.y.z');
});

/** Three packages as dpkg has them, on a host that is in a cluster or not. */
const host = (version: string, joined: boolean, kubelet = 'installed') =>
  Buffer.from(
    [
      'apt',
      ...['kubeadm', 'kubectl'].map((name) => `${name}\thold\tinstalled\t${version}`),
      `kubelet\thold\t${kubelet}\t${version}`,
      '',
      `# in a cluster`,
      joined ? 'yes' : '',
      '',
    ].join('\n'),
  );

describe('the version', () => {
  test.each([
    ['a bare host is brought to it', host('1.29.5-1.1', false), {}, 3],
    ['a node of a cluster that has it stays', host('1.29.6-1.1', true), {}, 0],
    ['a node is finished when an installation was cut', host('1.29.6-1.1', true, 'half-configured'), {}, 1],
    ['a node is upgraded when that is said', host('1.29.5-1.1', true), { upgrade: true }, 3],
  ])('%s', async (_, answer, more, count) => {
    const packages = find(await rehearsed(kubePackages, { ...vars, ...more }), title);
    expect(packages.diff(packages.probe.parse(answer), nothingChanged)).toHaveLength(count);
  });

  test('a node of a cluster is never upgraded behind its back', async () => {
    const packages = find(await rehearsed(kubePackages, vars), title);
    const state = packages.probe.parse(host('1.28.9-1.1', true));
    expect(() => packages.diff(state, nothingChanged)).toThrow(
      'this node of a cluster has kubeadm 1.28.9-1.1, the vars say 1.29.6',
    );
  });

  test.each(shells)('whether it is in a cluster is asked in the same trip, %s', async (shell) => {
    const box = await sandbox();
    const packages = find(await rehearsed(kubePackages, vars), title);
    const ask = async () => packages.probe.parse((await runOn(shell, packages.probe.script, box.surroundings)).stdout);
    expect(await ask()).toMatchObject({ joined: false });
    await box.put('/etc/kubernetes/kubelet.conf', '');
    expect(await ask()).toMatchObject({ joined: true, packages: { manager: 'apt' } });
  });
});
