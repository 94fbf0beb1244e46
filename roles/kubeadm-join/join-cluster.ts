import { type Context, refused } from '../../lib/index.ts';
import {
  apiOf,
  apiReady,
  type Decision,
  decide,
  endpointOf,
  etcdSettled,
  fileState,
  type HostRole,
  type HostWitness,
  nodeRegistered,
  podEtcdctl,
  roleOf,
  topologyOf,
  viaOf,
  witnessOf,
} from '../kubeadm/index.ts';
import { askCluster, type ClusterSide } from './cluster-side.ts';
import { etcdLogOf, takeStep } from './steps.ts';
import type { KubeadmJoinVars } from './vars.ts';

/** Brings the host into the cluster from whatever state it is in; one round trip when it is a healthy worker already. */
export async function joinCluster(context: Context, vars: KubeadmJoinVars): Promise<void> {
  const role = roleOf(context.host, vars);
  const own = await witnessOf(context, vars);
  if (role === 'worker' && isSettledWorker(own, vars)) return sayAddress(context, own);
  const side = await askCluster(context, vars, role);
  if (side === undefined) return;
  const decision = decide({
    role,
    name: context.host.name,
    address: context.host.address,
    files: fileState(own.files, role, topologyOf(vars)),
    etcdData: own.etcdData !== undefined,
    abandoned: own.resetUnfinished || own.initUnfinished,
    sameCluster: own.ca === undefined || side.witness === undefined ? undefined : own.ca === side.witness.ca,
    kubelet: own.kubelet,
    node: side.witness?.node,
    members: topologyOf(vars) === 'external' ? undefined : (side.witness?.members ?? []),
  });
  await follow(context, vars, { role, own, side, decision });
}

interface Way {
  readonly role: HostRole;
  readonly own: HostWitness;
  readonly side: ClusterSide;
  readonly decision: Decision;
}

async function follow(context: Context, vars: KubeadmJoinVars, { role, own, side, decision }: Way): Promise<void> {
  if (decision.refuse !== undefined) throw refused(decision.refuse, { mend: decision.mend });
  if (decision.steps.length > 0) context.note(decision.why);
  for (const step of decision.steps) await takeStep(step, { context, vars, role, side });
  if (role === 'worker') {
    await context.ensure(nodeRegistered(context.host));
  } else if (decision.steps.length > 0 || own.api !== 'ready') {
    await context.ensure(apiReady(context.host.name, apiOf(context.host, vars)), nodeRegistered(context.host));
    if (topologyOf(vars) === 'external') return;
    const etcdctl = podEtcdctl(viaOf(side.via, vars));
    await side.via.ensure(etcdSettled(context.host, etcdctl, etcdLogOf(context.host)));
  }
}

/** Its own kubelet vouches for it, through this cluster’s endpoint: nobody else need be asked. */
function isSettledWorker(own: HostWitness, vars: KubeadmJoinVars): boolean {
  const member = fileState(own.files, 'worker') === 'all' && !own.resetUnfinished && !own.initUnfinished;
  return member && own.kubelet !== 'stopped' && own.node !== undefined && own.server === `https://${endpointOf(vars)}`;
}

function sayAddress({ host, note }: Context, { node }: HostWitness): void {
  if (node?.internalIP === host.address) return;
  note(`its Node has the address ${node?.internalIP ?? 'none'}, the inventory says ${host.address}`);
}
