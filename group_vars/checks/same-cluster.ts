import type { ClusterCheck } from './cluster-host.ts';

/** The vars of `cluster` are the same everywhere: a host with others would join another cluster than the rest. */
export const sameCluster: ClusterCheck = (hosts) => {
  const [first, ...others] = hosts;
  if (first === undefined) return [];
  const differing = Object.keys(first.vars.cluster).flatMap((key) =>
    others
      .filter(({ vars }) => part(vars.cluster, key) !== part(first.vars.cluster, key))
      .map(({ name }) => ({
        path: ['cluster', key],
        host: name,
        message: `differs from the one of ${first.name}, but a cluster has only one`,
        mend: 'set it in all.yaml alone',
      })),
  );
  return differing;
};

function part(cluster: object, key: string): string {
  return JSON.stringify(Object.entries(cluster).find(([name]) => name === key));
}
