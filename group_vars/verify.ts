import type { HostSet } from 'konverge';
import { externalEtcd } from './etcd.ts';
import type { ClusterVars } from './schema.ts';

/** What verify holds the cluster against; `etcd`: the hosts of that group. */
export function verifySettings(vars: ClusterVars, etcd: HostSet<ClusterVars>) {
  const { cluster, versions } = vars;
  const { name, vip, port } = cluster.endpoint;
  const external = externalEtcd(vars, etcd);
  return {
    version: versions.kubernetes,
    endpoint: name ?? vip,
    endpointPort: port,
    vip,
    ...(external === undefined ? {} : { externalEtcd: external }),
  };
}
