import { defineRole } from '../../lib/index.ts';
import { joinCluster } from './join-cluster.ts';
import { kubeadmJoinVars } from './vars.ts';

/**
 * Afterwards the host is a member of the cluster that the inventory’s control planes run: a control plane when it is in
 * their group, else a worker. Control planes one at a time (`serial: 1`), workers in parallel.
 */
export const kubeadmJoin = defineRole({
  name: 'kubeadm-join',
  vars: kubeadmJoinVars,
  run: joinCluster,
});

export { kubeadmJoinVars } from './vars.ts';
