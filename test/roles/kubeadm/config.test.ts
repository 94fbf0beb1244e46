import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { caCertHash } from '../../../roles/kubeadm/ca-hash.ts';
import { initConfig, joinConfig } from '../../../roles/kubeadm/config.ts';
import { atLeast } from '../../../roles/kubeadm/version.ts';
import { controlPlanes, settings } from './settings.ts';

type Plain = Record<string, unknown>;
const documents = (text: string): Plain[] => parseAllDocuments(text).map((each): Plain => each.toJS());
const machine = controlPlanes[1];
const init = (version: string, more: Parameters<typeof settings>[0] = {}) =>
  documents(initConfig({ settings: settings({ version, ...more }), machine, controlPlanes }));
const joinInput = { machine, token: 'tokeni.0123456789abcdef', caCertHash: 'sha256:00' };
const join = (version: string, certificateKey?: string) =>
  documents(
    joinConfig({
      ...joinInput,
      settings: settings({ version }),
      ...(certificateKey === undefined ? {} : { certificateKey }),
    }),
  )[0];

test.each([
  ['1.20.2', 'v1beta2'],
  ['1.21.14', 'v1beta2'],
  ['1.22.0', 'v1beta3'],
  ['1.30.4', 'v1beta3'],
  ['1.31.0', 'v1beta4'],
  ['1.34.1', 'v1beta4'],
])('kubeadm %s reads %s', (version, api) => {
  expect(init(version).map((each) => [each['apiVersion'], each['kind']])).toEqual([
    [`kubeadm.k8s.io/${api}`, 'InitConfiguration'],
    [`kubeadm.k8s.io/${api}`, 'ClusterConfiguration'],
    ['kubelet.config.k8s.io/v1beta1', 'KubeletConfiguration'],
    ['kubeproxy.config.k8s.io/v1alpha1', 'KubeProxyConfiguration'],
  ]);
  expect(join(version)).toMatchObject({ apiVersion: `kubeadm.k8s.io/${api}`, kind: 'JoinConfiguration' });
});

test.each(['1.20.2', '1.29.6', '1.33.0'])('what is always said (%s)', (version) => {
  const [first, cluster, kubelet, proxy] = init(version, { kubeProxy: { conntrack: { maxPerCore: 0 } } });
  expect(first).toMatchObject({
    localAPIEndpoint: { advertiseAddress: '10.0.0.22', bindPort: 6443 },
    nodeRegistration: { name: 'mn02', criSocket: 'unix:///run/containerd/containerd.sock' },
  });
  expect(first).not.toHaveProperty('nodeRegistration.taints');
  expect(first).not.toHaveProperty('bootstrapTokens');
  expect(cluster).toMatchObject({
    kubernetesVersion: `v${version}`,
    controlPlaneEndpoint: 'k8s-api.example:8443',
    imageRepository: 'registry.k8s.io',
    networking: { podSubnet: '10.244.0.0/16', serviceSubnet: '10.96.0.0/12', dnsDomain: 'cluster.local' },
    apiServer: {
      certSANs: ['k8s-api.example', '10.0.0.240', 'mn01', '10.0.0.11', 'mn02', '10.0.0.22', 'mn03', '10.0.0.33'],
    },
    etcd: { local: { dataDir: '/var/lib/etcd' } },
  });
  expect(kubelet).toMatchObject({ cgroupDriver: 'systemd' });
  expect(proxy).toMatchObject({ conntrack: { maxPerCore: 0 } });
});

test.each(['1.20.2', '1.29.6', '1.33.0'])('an external etcd, and then no local one (%s)', (version) => {
  const external = {
    endpoints: ['https://10.0.0.51:2379', 'https://10.0.0.52:2379'],
    caFile: '/etc/kubernetes/etcd-client/ca.crt',
    certFile: '/etc/kubernetes/etcd-client/client.crt',
    keyFile: '/etc/kubernetes/etcd-client/client.key',
  };
  const [, cluster] = init(version, { etcd: { external, extraArgs: { 'quota-backend-bytes': '1' } } });
  expect(cluster?.['etcd']).toEqual({ external });
});

test('flags are a map until v1beta3, a list since v1beta4', () => {
  const more = { kubeletExtraArgs: { 'max-pods': '200' }, apiServer: { extraArgs: { 'audit-log-maxage': '30' } } };
  const [old, oldCluster] = init('1.29.6', more);
  expect(old).toMatchObject({ nodeRegistration: { kubeletExtraArgs: { 'node-ip': '10.0.0.22', 'max-pods': '200' } } });
  expect(oldCluster).toMatchObject({ apiServer: { extraArgs: { 'audit-log-maxage': '30' } } });
  const [now, nowCluster] = init('1.31.0', more);
  expect(now).toMatchObject({
    nodeRegistration: {
      kubeletExtraArgs: [
        { name: 'node-ip', value: '10.0.0.22' },
        { name: 'max-pods', value: '200' },
      ],
    },
  });
  expect(nowCluster).toMatchObject({ apiServer: { extraArgs: [{ name: 'audit-log-maxage', value: '30' }] } });
});

test('time limits: beside the API server until v1beta3, in timeouts since v1beta4', () => {
  expect(init('1.20.2', { timeout: 240 })[1]).toMatchObject({ apiServer: { timeoutForControlPlane: '240s' } });
  const [first, cluster] = init('1.31.0', { timeout: 240 });
  expect(first).toMatchObject({ timeouts: { controlPlaneComponentHealthCheck: '240s' } });
  expect(cluster).not.toHaveProperty('apiServer.timeoutForControlPlane');
  expect(join('1.29.6')).toMatchObject({ discovery: { timeout: '300s' } });
  expect(join('1.31.0')).toMatchObject({ timeouts: { discovery: '300s' } });
  expect(join('1.31.0')).not.toHaveProperty('discovery.timeout');
});

test('dns.type is v1beta2’s alone', () => {
  expect(init('1.20.2')[1]).toMatchObject({ dns: { type: 'CoreDNS' } });
  expect(init('1.22.0')[1]).not.toHaveProperty('dns.type');
});

test('absent taints are kubeadm’s own, [] are none', () => {
  expect(init('1.29.6', { taints: [] })[0]).toMatchObject({ nodeRegistration: { taints: [] } });
});

test.each(['1.20.2', '1.29.6', '1.33.0'])('a worker joins without, a control plane with its key (%s)', (version) => {
  const bootstrapToken = {
    token: 'tokeni.0123456789abcdef',
    apiServerEndpoint: 'k8s-api.example:8443',
    caCertHashes: ['sha256:00'],
  };
  expect(join(version)).toMatchObject({ discovery: { bootstrapToken }, nodeRegistration: { name: 'mn02' } });
  expect(join(version)).not.toHaveProperty('controlPlane');
  expect(join(version, 'k'.repeat(64))).toMatchObject({
    controlPlane: {
      certificateKey: 'k'.repeat(64),
      localAPIEndpoint: { advertiseAddress: '10.0.0.22', bindPort: 6443 },
    },
  });
});

test('text stays text for a YAML 1.1 reader', () => {
  const more = { apiServer: { extraArgs: { a: 'no', b: '1.30', c: '0644', d: '12:30' } } };
  const text = initConfig({ settings: settings(more), machine, controlPlanes });
  for (const quoted of ['a: "no"', 'b: "1.30"', 'c: "0644"', 'd: "12:30"']) expect(text).toContain(quoted);
  expect(Math.max(...text.split('\n').map((each) => each.length))).toBeLessThan(120);
});

test('the whole file of a small cluster', () => {
  const text = initConfig({ settings: settings({ version: '1.20.2' }), machine, controlPlanes, token: 'a.b' });
  expect(text).toMatchSnapshot();
});

test('settings that would do harm are refused', () => {
  expect(() => settings({ ignorePreflightErrors: ['All'] })).toThrow(/hides real faults/);
  expect(() => settings({ criSocket: '/run/containerd/containerd.sock' })).toThrow(/with its scheme/);
  expect(() => settings({ version: 'v1.29.6' })).toThrow(/x\.y\.z/);
  expect(() => settings({ podSubnet: '10.244.0.0' })).toThrow(/podSubnet/);
});

test('atLeast', () => {
  expect(atLeast('1.31.0', '1.31')).toBe(true);
  expect(atLeast('1.9.0', '1.31')).toBe(false);
  expect(atLeast('2.0.0', '1.31')).toBe(true);
  expect(() => atLeast('1.29', '1.22')).toThrow(TypeError);
});

test('the CA’s hash is the one that openssl tells', () => {
  const made = execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', '/dev/null', '-subj', '/CN=kubernetes', '-days', '1'],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const key = execFileSync('openssl', ['x509', '-pubkey', '-noout'], { input: made });
  const der = execFileSync('openssl', ['pkey', '-pubin', '-outform', 'der'], { input: key });
  expect(caCertHash(made.toString())).toBe(`sha256:${createHash('sha256').update(der).digest('hex')}`);
  expect(() => caCertHash('')).toThrow(/PEM|start line|asn1/i);
});
