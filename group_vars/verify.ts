import type { ClusterVars } from './schema.ts';

/** What verify holds the cluster against. */
export function verifySettings({ cluster, versions }: ClusterVars) {
  const { name, vip, port } = cluster.endpoint;
  return { version: versions.kubernetes, endpoint: name ?? vip, endpointPort: port, vip };
}
