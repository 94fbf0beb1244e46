import type { Problem } from 'konverge';
import { isOnlyEtcd } from '../etcd.ts';
import type { ClusterVars } from '../schema.ts';
import { type ClusterCheck, type ClusterHost, controlPlanesOf } from './cluster-host.ts';

const at = ['cluster', 'etcd'];

/** Whoever asks for an external etcd says where it runs, and whoever says where it runs asks for it. */
export const etcd: ClusterCheck = (hosts) => {
  const members = hosts.filter(({ groups }) => groups.includes('etcd'));
  const vars = hosts[0]?.vars;
  if (vars === undefined) return [];
  return vars.cluster.etcd === 'external' ? external(members, vars) : stacked(members, hosts);
};

function external(members: readonly ClusterHost[], vars: ClusterVars): readonly Problem[] {
  const count = members.length;
  const problems: Problem[] = [];
  if (count === 0) {
    const mend = 'name 1, 3 or 5 hosts there, control planes or others; or take stacked';
    problems.push({ path: at, message: 'external, but there is no host in the group etcd', mend });
  } else if (count % 2 === 0) {
    const message = `${count} hosts in etcd survive no more losses than ${count - 1}`;
    problems.push({ path: [], message, mend: `take ${count - 1} or ${count + 1}` });
  }
  if (Object.keys(vars.kubeadm.etcdExtraArgs).length > 0) {
    const message = 'these are of a stacked etcd, and this one is external';
    problems.push({ path: ['kubeadm', 'etcdExtraArgs'], message, mend: 'write them under etcd.extraArgs' });
  }
  const [major = 0, minor = 0] = vars.versions.etcd.split('.').map(Number);
  if (major < 3 || (major === 3 && minor < 4)) {
    const message = `${vars.versions.etcd} takes no member that only learns at first`;
    problems.push({ path: ['versions', 'etcd'], message, mend: 'take 3.4 or later' });
  }
  return problems;
}

/** Inventories of other tools have a group etcd as well; one that says nothing new is no reason to stop. */
function stacked(members: readonly ClusterHost[], hosts: readonly ClusterHost[]): readonly Problem[] {
  const alone = members.filter(isOnlyEtcd);
  if (alone.length > 0) {
    return alone.map(({ name }) => ({
      path: [],
      host: name,
      message: 'is in etcd and in no other group, but cluster.etcd is stacked: nothing would run on it',
      mend: 'for an etcd on hosts of its own: cluster.etcd: external; else take the host out',
    }));
  }
  if (members.length === 0) return [];
  const planes = controlPlanesOf(hosts).map(({ name }) => name);
  const message = `etcd runs on every control plane (${planes.join(', ')}); the group etcd counts only with cluster.etcd: external`;
  return [{ path: [], message, severity: 'note' }];
}
