import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Writer } from '../../../lib/index.ts';
import { clusterWitness } from '../../../roles/kubeadm/cluster-witness.ts';
import { type EndpointState, endpointState } from '../../../roles/kubeadm/endpoint.ts';
import { podEtcdctl } from '../../../roles/kubeadm/etcdctl.ts';
import { etcdSettled, nodeRegistered } from '../../../roles/kubeadm/gates.ts';
import { fileState, type HostWitness, hostWitness, onlyAuthority } from '../../../roles/kubeadm/host-witness.ts';
import { nodesTemplate, parseNode } from '../../../roles/kubeadm/node-view.ts';
import { resetHost } from '../../../roles/kubeadm/reset.ts';
import { runOn, type Shell, shells } from '../../resources/harness.ts';
import { caPem, inventory } from './hosts.ts';
import { settings } from './settings.ts';
import { below, standIns, tree } from './stand-ins.ts';

const api = { address: '10.0.0.22', port: 6443 };
const conf = 'apiVersion: v1\nclusters:\n- cluster:\n    server: https://k8s-api.example:8443\n';
const complete: Record<string, string> = {
  'etc/kubernetes/admin.conf': conf,
  'etc/kubernetes/kubelet.conf': conf,
  'etc/kubernetes/pki/ca.crt': caPem,
  'etc/kubernetes/pki/etcd/ca.crt': caPem,
  'etc/kubernetes/manifests/etcd.yaml': '',
  'etc/kubernetes/manifests/kube-apiserver.yaml': '',
  'etc/kubernetes/manifests/kube-controller-manager.yaml': '',
  'etc/kubernetes/manifests/kube-scheduler.yaml': '',
  'var/lib/kubelet/config.yaml': '',
  'var/lib/etcd/member/snap/db': 'x'.repeat(4096),
};
const kubectl = `case "$*" in
  */healthz*) echo ok ;;
  *"get node mn02"*) printf '%s' 'mn02|True|10.0.0.22|v1.29.6|{"node-role.kubernetes.io/control-plane":""}|False' ;;
  *"--server https://10.0.0.22:6443"*"get --raw /readyz"*) echo ok ;;
  *"get configmap kubeadm-config"*) echo configmap/kubeadm-config ;;
  *) exit 1 ;;
esac`;

async function look(
  shell: Shell,
  files: Record<string, string>,
  programs: Record<string, string>,
): Promise<HostWitness> {
  const root = await tree(files);
  const probe = hostWitness('mn02', api, '/var/lib/etcd');
  const result = await runOn(shell, below(root, probe.script), { path: [await standIns(programs)] });
  expect([result.code, result.stderr.toString()]).toEqual([0, '']);
  return probe.parse(Buffer.from(result.stdout.toString().replaceAll(`${root}/`, '/')));
}

describe.each(shells)('%s', (shell) => {
  test('a bare host has nothing to say', async () => {
    const witness = await look(shell, {}, { kubectl: 'exit 1', systemctl: 'echo inactive; exit 3' });
    expect(witness).toEqual({
      files: new Set(),
      etcdData: undefined,
      ca: undefined,
      server: undefined,
      kubelet: 'stopped',
      api: undefined,
      configured: false,
      node: undefined,
      initUnfinished: false,
      resetUnfinished: false,
    });
  });

  test('a whole control plane', async () => {
    const witness = await look(shell, complete, { kubectl, systemctl: 'echo active' });
    expect(fileState(witness.files, 'control-plane')).toBe('all');
    expect(witness).toMatchObject({
      ca: createHash('sha256').update(caPem).digest('hex'),
      server: 'https://k8s-api.example:8443',
      kubelet: 'healthy',
      api: 'ready',
      configured: true,
      node: { name: 'mn02', ready: true, internalIP: '10.0.0.22', version: '1.29.6', controlPlane: true },
    });
    expect(witness.etcdData).toBeGreaterThan(0);
  });

  test('marks, and an API that does not answer', async () => {
    const marks = { 'etc/kubernetes/konverge/init.unfinished': '', 'etc/kubernetes/konverge/reset.unfinished': '' };
    const witness = await look(shell, { ...complete, ...marks }, { kubectl: 'exit 1', systemctl: 'echo active' });
    expect(witness).toMatchObject({
      api: 'failing',
      kubelet: 'unhealthy',
      initUnfinished: true,
      resetUnfinished: true,
    });
    expect(witness).toMatchObject({ configured: false, node: undefined });
  });

  test('what the cluster says', async () => {
    const say = `case "$*" in
      *"get node"*) printf '%s' 'mn02|Unknown|10.0.0.22|v1.29.6|{}|' ;;
      *configmap*) printf '%s' 'apiEndpoints:\n  mn02: {}' ;;
      *"member list -w json") echo '{"members":[{"ID":9372538179322589801,"name":"mn01","peerURLs":["https://10.0.0.11:2380"],"clientURLs":["https://10.0.0.11:2379"]}]}' ;;
      *"endpoint health"*) echo '[{"endpoint":"https://10.0.0.11:2379","health":true}]'; exit 1 ;;
      *) exit 1 ;;
    esac`;
    const root = await tree({ 'etc/kubernetes/pki/ca.crt': caPem });
    const question = { about: 'mn02', via: { name: 'mn01', address: '10.0.0.11', port: 6443 } };
    const path = [await standIns({ kubectl: say })];
    for (const etcd of [true, false]) {
      const probe = clusterWitness({ ...question, etcd });
      const { code, stdout } = await runOn(shell, below(root, probe.script), { path });
      expect(code).toBe(0);
      expect(probe.parse(stdout)).toMatchObject({
        node: { name: 'mn02', ready: false },
        members: etcd ? [{ id: '8211f1d0f64f3269', name: 'mn01', healthy: true }] : undefined,
        ca: createHash('sha256').update(caPem).digest('hex'),
        caPem: caPem.trim(),
        clusterStatus: 'apiEndpoints:\n  mn02: {}',
      });
    }
    const dumb = { path: [await standIns({ kubectl: 'exit 1' })] };
    expect((await runOn(shell, clusterWitness({ ...question, etcd: true }).script, dumb)).code).not.toBe(0);
  });

  test.each<[EndpointState, string]>([
    ['api', 'echo ok'],
    ['api', 'echo "error: You must be logged in to the server (Unauthorized)" >&2; exit 1'],
    ['silent', 'echo "The connection to the server 10.0.0.240:8443 was refused - did you specify" >&2; exit 1'],
    [
      'silent',
      'echo "Unable to connect to the server: dial tcp 10.0.0.240:8443: connect: no route to host" >&2; exit 1',
    ],
    [
      'silent',
      'echo "Unable to connect to the server: context deadline exceeded (Client.Timeout exceeded)" >&2; exit 1',
    ],
    ['silent', 'exit 1'],
    ['open', 'echo "Unable to connect to the server: EOF" >&2; exit 1'],
    [
      'open',
      'echo "Unable to connect to the server: read tcp 10.0.0.11:1: read: connection reset by peer" >&2; exit 1',
    ],
  ])('an endpoint is %s when kubectl says: %s', async (state, body) => {
    const probe = endpointState(settings());
    const { code, stdout } = await runOn(shell, probe.script, { path: [await standIns({ kubectl: body })] });
    expect([code, probe.parse(stdout)]).toEqual([0, state]);
  });

  const line = (name: string, rest: string): string => `echo "8211f1d0f64f3269, started, ${name}, ${rest}"`;
  const whole = line('mn02', 'https://10.0.0.22:2380, https://10.0.0.22:2379, false');
  const agreed = `echo '[{"Status":{"leader":12345678901234567890}},{"Status":{"leader":12345678901234567890}}]'`;
  test.each<[boolean, string, string, string]>([
    [true, whole, 'exit 0', agreed],
    [false, line('mn02', 'https://10.0.0.22:2380, https://10.0.0.22:2379, true'), 'exit 0', agreed],
    [false, `${whole}; echo "a1, unstarted, , https://10.0.0.33:2380, , false"`, 'exit 0', agreed],
    [false, line('mn01', 'https://10.0.0.11:2380, https://10.0.0.11:2379, false'), 'exit 0', agreed],
    [false, whole, 'exit 1', agreed],
    [false, whole, 'exit 0', agreed.replace('0}},', '1}},')],
    [false, whole, 'exit 0', 'exit 1'],
  ])('etcd is whole: %s (%s)', async (whole_, list, health, status) => {
    const body = `case "$*" in *"member list") ${list} ;; *"endpoint health"*) ${health} ;; *"endpoint status"*) ${status} ;; esac`;
    const mn02 = inventory[1];
    if (mn02 === undefined) throw new Error('no mn02');
    const { probe } = etcdSettled(mn02, podEtcdctl({ name: 'mn01', address: '10.0.0.11', port: 6443 }), 'the log');
    const { stdout } = await runOn(shell, probe.script, { path: [await standIns({ kubectl: body })] });
    expect(probe.parse(stdout)).toEqual({ yes: whole_ });
  });

  test.each([
    [true, 'mn02|False|10.0.0.22|v1|{}|'],
    [true, 'mn02|False|10.0.0.22 fd00::22|v1|{}|'],
    [false, 'mn02|False|10.0.0.240|v1|{}|'],
    [false, 'mn02|False||v1|{}|'],
  ])('registered with the right address: %s %s', async (yes, said) => {
    const mn02 = inventory[1];
    if (mn02 === undefined) throw new Error('no mn02');
    const { probe } = nodeRegistered(mn02);
    const { stdout } = await runOn(shell, probe.script, {
      path: [await standIns({ kubectl: `printf '%s' '${said}'` })],
    });
    expect(probe.parse(stdout)).toEqual({ yes });
  });

  test('a reset leaves nothing of kubeadm’s, and others’ things alone', async () => {
    const root = await tree({
      ...complete,
      'etc/kubernetes/manifests/haproxy.yaml': 'theirs',
      'etc/kubernetes/pki/ca.key': '',
    });
    const path = [await standIns({ kubeadm: 'exit 0', systemctl: 'echo inactive', kubectl: 'exit 1' })];
    const reset = resetHost({ name: 'mn02', api }, settings());
    const ran: number[] = [];
    const writer = {
      host: 'mn02',
      run: async (script: Parameters<typeof below>[1]) => {
        const result = await runOn(shell, below(root, script), { path });
        ran.push(result.code);
        return result;
      },
      upload: () => Promise.resolve(),
    };
    const before = await runOn(shell, below(root, reset.probe.script), { path });
    await reset.apply(writer, [], reset.probe.parse(before.stdout));
    const after = await runOn(shell, below(root, reset.probe.script), { path });
    expect(ran).toEqual([0]);
    expect(reset.diff(reset.probe.parse(before.stdout), { changed: () => false })).not.toEqual([]);
    expect(reset.diff(reset.probe.parse(after.stdout), { changed: () => false })).toEqual([]);
    expect(existsSync(`${root}/etc/kubernetes/manifests/haproxy.yaml`)).toBe(true);
    expect(readdirSync(`${root}/run`)).toEqual([]);
  });
});

test.each([
  ['none', []],
  ['some', ['/etc/kubernetes/pki/ca.crt']],
  ['kubelet', ['/etc/kubernetes/kubelet.conf', '/etc/kubernetes/pki/ca.crt']],
  ['all', ['/etc/kubernetes/kubelet.conf', '/etc/kubernetes/pki/ca.crt', '/var/lib/kubelet/config.yaml']],
])('a worker’s files: %s', (state, files) => {
  expect(fileState(new Set(files), 'worker')).toBe(state);
});

test('a control plane over an external etcd is complete without the manifest of one', () => {
  const files = new Set(Object.keys(complete).map((path) => `/${path}`));
  const without = new Set([...files].filter((path) => !path.endsWith('/etcd.yaml')));
  expect([fileState(files, 'control-plane'), fileState(without, 'control-plane')]).toEqual(['all', 'kubelet']);
  expect(fileState(without, 'control-plane', 'external')).toBe('all');
});

test.each(shells)(
  'an external etcd on the same host is none of kubeadm’s: its data is not looked at, nor reset (%s)',
  async (shell) => {
    const external = {
      endpoints: ['https://10.0.0.22:2379'],
      caFile: '/etc/x/ca.crt',
      certFile: '/etc/x/client.crt',
      keyFile: '/etc/x/client.key',
    };
    const root = await tree({
      'var/lib/etcd/member/wal/0.wal': 'data',
      'etc/kubernetes/manifests/kube-apiserver.yaml': 'x',
    });
    const path = [await standIns({ kubeadm: 'exit 0', systemctl: 'exit 0' })];
    const resource = resetHost({ name: 'mn02', api }, settings({ etcd: { external } }));
    const before = resource.probe.parse((await runOn(shell, below(root, resource.probe.script), { path })).stdout);
    expect(before.etcdData).toBeUndefined();
    const writer: Writer = {
      host: 'mn02',
      run: (script) => runOn(shell, below(root, script), { path }),
      upload: () => Promise.resolve(),
    };
    await resource.apply(writer, [], before);
    expect(existsSync(`${root}/var/lib/etcd/member/wal/0.wal`)).toBe(true);
    expect(existsSync(`${root}/etc/kubernetes/manifests/kube-apiserver.yaml`)).toBe(false);
  },
);

test('a CA alone may wait for init', () => {
  const own = ['ca.crt', 'ca.key', 'etcd/ca.crt', 'front-proxy-ca.key', 'sa.pub'].map(
    (name) => `/etc/kubernetes/pki/${name}`,
  );
  expect(onlyAuthority(new Set(own))).toBe(true);
  expect(onlyAuthority(new Set([...own, '/etc/kubernetes/pki/apiserver.crt']))).toBe(false);
});

test('a Node in one line', () => {
  expect(parseNode('')).toBeUndefined();
  expect(parseNode('a|Unknown||v1.20.2|{"node-role.kubernetes.io/master":""}|True')).toEqual({
    name: 'a',
    ready: false,
    internalIP: undefined,
    version: '1.20.2',
    controlPlane: true,
    networkUnavailable: true,
  });
  expect(nodesTemplate).toMatch(/^jsonpath=\{range \.items\[\*\]\}/);
});
