import { z } from 'zod';
import { balancer } from './schema/balancer.ts';
import { cluster, versions } from './schema/cluster.ts';
import { etcd } from './schema/etcd.ts';
import { host } from './schema/host.ts';
import { kubernetes } from './schema/kubernetes.ts';
import { checksums, mirror } from './schema/mirror.ts';
import { runtime } from './schema/runtime.ts';

/** Every var there is. The YAML files beside this one, hosts.ts and `-e` are all checked by it; nothing else is a var. */
export const clusterVars = z.strictObject({
  cluster,
  versions,
  mirror,
  checksums,
  etcd,
  ...host,
  ...runtime,
  ...balancer,
  ...kubernetes,
});

export type ClusterVars = z.output<typeof clusterVars>;
