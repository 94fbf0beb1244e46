import { type Context, type Reach, refused } from '../../lib/index.ts';
import {
  type ClusterWitness,
  clusterWitness,
  type HostRole,
  healthyControlPlane,
  initCandidate,
  reachOf,
  topologyOf,
  viaOf,
} from '../kubeadm/index.ts';
import type { KubeadmJoinVars } from './vars.ts';

/** The control plane that speaks for the cluster, and what it says of the host. */
export interface ClusterSide {
  readonly via: Reach;
  /** undefined under `--check`, when the cluster would only come to be in this run */
  readonly witness: ClusterWitness | undefined;
}

/**
 * Asks the cluster about this host; undefined when the cluster would be started on this very host by this run
 * (`--check`). @throws Refused when no control plane answers in a real run
 */
export async function askCluster(
  context: Context,
  vars: KubeadmJoinVars,
  role: HostRole,
): Promise<ClusterSide | undefined> {
  const { name } = context.host;
  // Itself only as the last resort: another one can tell whether it is in the same cluster.
  const via = await healthyControlPlane(context, vars, name);
  if (via !== undefined) {
    const question = {
      about: name,
      via: viaOf(via, vars),
      etcd: role === 'control-plane' && topologyOf(vars) === 'stacked',
    };
    return { via, witness: await via.read(clusterWitness(question)) };
  }
  const candidate = initCandidate(context, vars);
  if (!context.check || candidate === undefined) {
    throw refused('no control plane with a ready API server can be reached', {
      mend: 'a cluster is joined through any healthy control plane: look at the play before this one (kubeadm-init)',
    });
  }
  const future = candidate === name ? undefined : await reachOf(context, candidate);
  return future === undefined ? undefined : { via: future, witness: undefined };
}
