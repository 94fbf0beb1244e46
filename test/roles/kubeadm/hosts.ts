import { execFileSync } from 'node:child_process';
import { host } from './stage.ts';

export const inventory = [
  host('mn01', '10.0.0.11', 'controlPlane'),
  host('mn02', '10.0.0.22', 'controlPlane'),
  host('mn03', '10.0.0.33', 'controlPlane'),
  host('wn01', '10.0.0.100', 'workers'),
];

export const caPem = execFileSync(
  'openssl',
  ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', '/dev/null', '-subj', '/CN=kubernetes', '-days', '1'],
  { stdio: ['ignore', 'pipe', 'ignore'] },
).toString();

const manifests = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];

/** What the probe of a host prints, by what the host is. */
export const hostSays = {
  bare: '',
  controlPlane: [
    ...['admin.conf', 'kubelet.conf', 'pki/ca.crt'].map((path) => `file /etc/kubernetes/${path}`),
    ...manifests.map((name) => `file /etc/kubernetes/manifests/${name}.yaml`),
    'file /var/lib/kubelet/config.yaml',
    'data 120000',
    'ca cafe',
    'server https://k8s-api.example:8443',
    'kubelet healthy',
    'api ready',
    'configured',
  ].join('\n'),
  worker: [
    'file /etc/kubernetes/kubelet.conf',
    'file /etc/kubernetes/pki/ca.crt',
    'file /var/lib/kubelet/config.yaml',
    'ca cafe',
    'server https://k8s-api.example:8443',
    'kubelet healthy',
    'node wn01|True|10.0.0.100|v1.29.6|{}|False',
  ].join('\n'),
  /** died after its certificates */
  some: 'file /etc/kubernetes/pki/ca.crt\nfile /etc/kubernetes/admin.conf\nca cafe',
} as const;

interface ClusterSays {
  readonly node?: string;
  readonly members?: readonly { readonly name: string; readonly address: string; readonly healthy?: boolean }[];
  readonly status?: string;
}

/** What the probe of the cluster prints. */
export function clusterSays({ node = '', members = [], status = '' }: ClusterSays): string {
  const list = members.map(({ name, address }, i) => ({
    ID: i + 161,
    name,
    peerURLs: [`https://${address}:2380`],
    clientURLs: [`https://${address}:2379`],
  }));
  const health = members.map(({ address, healthy = true }) => ({
    endpoint: `https://${address}:2379`,
    health: healthy,
  }));
  return [
    `@@ node\n${node}`,
    `@@ status\n${status}`,
    `@@ members\n${JSON.stringify({ members: list })}`,
    `@@ health\n${JSON.stringify(health)}`,
    `@@ ca cafe`,
    caPem,
  ].join('\n');
}
