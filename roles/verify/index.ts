import { defineRole } from '../../lib/index.ts';
import { verifyVars } from './vars.ts';
import { verifyCluster } from './verify-cluster.ts';

/**
 * Reads only. Succeeds when the cluster is what the inventory says: every Node Ready at its version and address, every
 * pod of kube-system Ready and not restarting, etcd whole, the VIP on one host, the API there for every host.
 */
export const verify = defineRole({ name: 'verify', vars: verifyVars, run: verifyCluster });

export { holds } from './host-checks.ts';
export { verifyVars } from './vars.ts';
