import { baseVars, fiveHosts, type Given } from '../inventory/base-vars.ts';
import { type Mistake, vars } from './mistake.ts';

const groups = { controlPlane: ['mn01', 'mn02', 'mn03'], workers: ['wn01', 'wn02'] };
const stores = Object.fromEntries([1, 2, 3].map((i) => [`store0${i}`, { address: `192.168.10.5${i}` }]));
const hosts = { ...fiveHosts, ...stores };

/** The five hosts and three that only hold etcd, of which these are in the group. */
export const external = (etcd: readonly string[], more = ''): Given => {
  const text = baseVars.replace('versions:', `  etcd: external\nversions:`);
  return { files: { 'all.yaml': text + more }, hosts, groups: { ...groups, etcd } };
};

export const etcdMistakes: readonly Mistake[] = [
  [
    'an external etcd without hosts',
    vars('versions:', '  etcd: external\nversions:'),
    'group_vars/all.yaml:7:3  cluster.etcd: external, but there is no host in the group etcd',
    'mend: name 1, 3 or 5 hosts there, control planes or others; or take stacked',
  ],
  [
    'an even number of etcd hosts',
    external(['store01', 'store02']),
    'hosts.ts  2 hosts in etcd survive no more losses than 1',
    'mend: take 1 or 3',
  ],
  [
    'hosts that only hold etcd, and a stacked one',
    { hosts: { ...fiveHosts, store01: { address: '192.168.10.51' } }, groups: { ...groups, etcd: ['store01'] } },
    'hosts.ts  is in etcd and in no other group, but cluster.etcd is stacked: nothing would run on it (store01)',
    'mend: for an etcd on hosts of its own: cluster.etcd: external; else take the host out',
  ],
  [
    'flags of a stacked etcd for an external one',
    external(['store01'], "kubeadm: { etcdExtraArgs: { snapshot-count: '5000' } }\n"),
    'group_vars/all.yaml:22:12  kubeadm.etcdExtraArgs: these are of a stacked etcd, and this one is external',
    'mend: write them under etcd.extraArgs',
  ],
  [
    'an etcd nobody has a checksum of',
    { ...external(['store01']), files: { 'all.yaml': withEtcd('3.5.99') } },
    'group_vars/all.yaml:15:3  versions.etcd: no sha256 is known for etcd-3.5.99',
  ],
  [
    'a value that a unit would read otherwise',
    external(['store01'], 'etcd: { extraArgs: { log-level: "info debug" } }\n'),
    "group_vars/all.yaml:22:22  etcd.extraArgs.log-level: 'info debug': holds more than letters, digits and ./:,@=+-_",
  ],
  [
    'an election before the heartbeat',
    external(['store01'], 'etcd: { heartbeatInterval: 500 }\n'),
    'group_vars/all.yaml:22:1  etcd: electionTimeout is less than five heartbeats',
    'mend: take ten times heartbeatInterval',
  ],
];

function withEtcd(version: string): string {
  return baseVars
    .replace('versions:', `  etcd: external\nversions:`)
    .replace("'3.28.0'", `'3.28.0'\n  etcd: '${version}'`);
}
