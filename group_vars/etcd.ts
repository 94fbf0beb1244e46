import { type HostSet, hostSet } from 'konverge';
import type { ClusterVars } from './schema.ts';

/** Where a control plane keeps what its API server shows to an external etcd. kubeadm's own pki folder is its own. */
const clientFolder = '/etc/kubernetes/etcd-client';

export const etcdClientFiles = {
  caFile: `${clientFolder}/ca.crt`,
  certFile: `${clientFolder}/client.crt`,
  keyFile: `${clientFolder}/client.key`,
};

/** These hosts where etcd is external, none where it is stacked. */
export const whereExternal = ({ hosts }: HostSet<ClusterVars>): HostSet<ClusterVars> =>
  hostSet(hosts.filter(({ vars }) => vars.cluster.etcd === 'external'));

/** How the API servers reach an external etcd; undefined = it is stacked. */
export function externalEtcd({ cluster }: Pick<ClusterVars, 'cluster'>, members: HostSet<ClusterVars>) {
  if (cluster.etcd !== 'external') return undefined;
  return { endpoints: members.hosts.map(({ address }) => `https://${address}:2379`), ...etcdClientFiles };
}

/** Whether a member of etcd runs on a host. */
export const hasMember = ({
  groups,
  vars,
}: {
  readonly groups: readonly string[];
  readonly vars: ClusterVars;
}): boolean => groups.includes(vars.cluster.etcd === 'external' ? 'etcd' : 'controlPlane');

/** A host of the group etcd that is nothing else: no Node of the cluster. */
export const isOnlyEtcd = ({ groups }: { readonly groups: readonly string[] }): boolean =>
  groups.includes('etcd') && !groups.includes('controlPlane') && !groups.includes('workers');
