import { checksums, pause } from './artifacts.ts';
import { calico } from './calico.ts';
import type { ClusterCheck } from './cluster-host.ts';
import { endpoint, members } from './control-planes.ts';
import { etcd } from './etcd.ts';
import { failover } from './failover.ts';
import { hostAddresses, networks, virtualAddress } from './networks.ts';
import { sameCluster } from './same-cluster.ts';
import { sysctl } from './sysctl.ts';

const checks: readonly ClusterCheck[] = [
  sameCluster,
  networks,
  hostAddresses,
  virtualAddress,
  members,
  etcd,
  endpoint,
  failover,
  checksums,
  pause,
  calico,
  sysctl,
];

/** Everything about a cluster that can be known to be wrong from its vars alone. */
export const checkCluster: ClusterCheck = (hosts) => checks.flatMap((check) => check(hosts));
