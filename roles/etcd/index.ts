import { defineRole } from '../../lib/index.ts';
import { checkEtcd } from './check-etcd.ts';
import { etcdVars } from './vars.ts';

/**
 * Reads only. Succeeds when every control plane of the inventory is a healthy, voting member of etcd, all agree on one
 * leader, there is no other member and no alarm. The first healthy control plane asks for all.
 */
export const etcd = defineRole({ name: 'etcd', vars: etcdVars, run: checkEtcd });

export { type EtcdView, etcdFindings, etcdView, leaderOf } from './etcd-view.ts';
export { etcdVars } from './vars.ts';
