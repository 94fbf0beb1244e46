import { mkdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { kubeImages } from '../../roles/kube-images/index.ts';
import { converge, localWriter, nothingChanged, probeOn, shells } from '../resources/harness.ts';
import { type Sandbox, sandbox } from '../resources/sandbox.ts';
import { find, rehearsed } from './rehearsed.ts';

const vars = {
  version: '1.29.6',
  endpoint: 'k8s-api.example.internal',
  podSubnet: '10.244.0.0/16',
  serviceSubnet: '10.96.0.0/16',
  imageRepository: 'registry.example.internal/k8s',
};
const title = 'images Kubernetes v1.29.6';
const images = async (on = 'k8s-mn01', more: { extra?: string[] } = {}) =>
  find(await rehearsed(kubeImages, { ...vars, ...more }, { on }), title);

/** A kubeadm that answers from its configuration, and a containerd that remembers what was pulled. */
async function host({ kubeadm = true } = {}): Promise<Sandbox> {
  const made = await sandbox({ folders: ['/run'] });
  const run = join(dirname(made.memory), 'upper/run/containerd');
  await mkdir(run, { recursive: true });
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(join(run, 'containerd.sock'), resolve));
  onTestFinished(() => void server.close());
  if (kubeadm) {
    await made.standIn(
      'kubeadm',
      `[ "$*" = 'config images list --config /dev/stdin' ] || exit 9
config=$(cat); echo "$config" >$MEMORY/config
if [ -e $MEMORY/broken ]; then echo 'no kind "ClusterConfiguration"' >&2; exit 3; fi
repository=$(echo "$config" | sed -n 's/^imageRepository: //p')
version=$(echo "$config" | sed -n 's/^kubernetesVersion: //p')
for each in apiserver controller-manager scheduler proxy; do echo "$repository/kube-$each:$version"; done
echo 'a word of warning' >&2
for each in coredns:v1.11.1 pause:3.9 etcd:3.5.12-0; do echo "$repository/$each"; done`,
    );
  }
  await made.standIn('ctr', 'case "$*" in *" ls -q") cat $MEMORY/held 2>/dev/null;; esac');
  await made.standIn('crictl', 'for last; do :; done; echo "$last" >>$MEMORY/held');
  return made;
}

const held = async ({ memory }: Sandbox): Promise<readonly string[]> =>
  (await readFile(join(memory, 'held'), 'utf8')).trim().split('\n');

describe('kube-images', () => {
  test.each(shells)('a control plane holds all that kubeadm lists for its configuration, %s', async (shell) => {
    const box = await host();
    const wish = await images();
    expect(await converge(shell, wish, box.surroundings)).toHaveLength(7);
    expect(await held(box)).toEqual(
      [
        'kube-apiserver:v1.29.6',
        'kube-controller-manager:v1.29.6',
        'kube-scheduler:v1.29.6',
        'kube-proxy:v1.29.6',
        'coredns:v1.11.1',
        'pause:3.9',
        'etcd:3.5.12-0',
      ].map((name) => `registry.example.internal/k8s/${name}`),
    );
    expect(await converge(shell, wish, box.surroundings)).toEqual([]);
    expect(await readFile(join(box.memory, 'config'), 'utf8')).toContain('kubeadm.k8s.io/v1beta3');
  });

  test('a worker holds what runs on every node, and what else is asked for', async () => {
    const box = await host();
    const changes = await converge(
      'dash',
      await images('k8s-wn01', { extra: ['calico/node:v3.28.0'] }),
      box.surroundings,
    );
    expect(changes.map(({ path }) => path)).toEqual([
      'registry.example.internal/k8s/kube-proxy:v1.29.6',
      'registry.example.internal/k8s/coredns:v1.11.1',
      'registry.example.internal/k8s/pause:3.9',
      'docker.io/calico/node:v3.28.0',
    ]);
  });

  test('only what is missing is pulled', async () => {
    const box = await host();
    await converge('dash', await images('k8s-wn01'), box.surroundings);
    expect(await converge('dash', await images(), box.surroundings)).toHaveLength(4);
  });

  test('before there is a kubeadm it would change something, and cannot', async () => {
    const box = await host({ kubeadm: false });
    const wish = await images();
    const changes = wish.diff(await probeOn('dash', wish, box.surroundings), nothingChanged);
    expect(changes).toEqual([{ path: 'images', to: 'all of v1.29.6' }]);
    await expect(wish.apply(localWriter('dash', box.surroundings), changes, undefined)).rejects.toMatchObject({
      message: 'kubeadm does not say which images it wants',
      details: { said: 'there is no kubeadm on this host', touched: false },
    });
  });

  test('what kubeadm refuses is said', async () => {
    const box = await host();
    await box.standIn('kubeadm', 'echo "unknown field x" >&2; exit 3');
    const wish = await images();
    await expect(wish.apply(localWriter('dash', box.surroundings), [], undefined)).rejects.toMatchObject({
      details: { said: 'unknown field x' },
    });
  });
});
