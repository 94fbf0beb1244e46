import { defineInventory, groupVars } from 'konverge';
import { checkCluster } from './group_vars/checks/index.ts';
import { clusterVars } from './group_vars/schema.ts';

/**
 * The machines and what they are. `address` is the one inside the cluster's network; how a host is reached, where that
 * differs, goes to `ssh: { host, port, user, jump, identity }`, what is true of one host alone to `vars`.
 */
export const inventory = defineInventory({
  vars: groupVars('group_vars', clusterVars, checkCluster),
  hosts: {
    'k8s-mn01': { address: '192.168.10.11' },
    'k8s-mn02': { address: '192.168.10.22' },
    'k8s-mn03': { address: '192.168.10.33' },
    'k8s-wn01': { address: '192.168.10.100' },
    'k8s-wn02': { address: '192.168.10.200' },
  },
  groups: {
    controlPlane: ['k8s-mn01', 'k8s-mn02', 'k8s-mn03'],
    workers: ['k8s-wn01', 'k8s-wn02'],
    // With cluster.etcd: external, the 1, 3 or 5 hosts that etcd runs on: machines of their own, or some of those above.
    // etcd: ['k8s-etcd01', 'k8s-etcd02', 'k8s-etcd03'],
  },
});
