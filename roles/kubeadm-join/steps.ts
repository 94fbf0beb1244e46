import { refused } from '../../lib/index.ts';
import {
  apiOf,
  etcdSettled,
  type JoinStep,
  memberOf,
  memberPromoted,
  memberRemoved,
  nodeForgotten,
  nodeNotReady,
  podEtcdctl,
  removal,
  resetHost,
  statusForgotten,
  viaOf,
} from '../kubeadm/index.ts';
import { join } from './join-step.ts';
import type { Journey } from './journey.ts';
import { kubeletRestarted, nodeMarked } from './repairs.ts';

/** Makes one step of the decision so. Each can be made again after a run that died in it. */
export async function takeStep(step: JoinStep, journey: Journey): Promise<void> {
  const { context, vars, side } = journey;
  const { host } = context;
  const via = viaOf(side.via, vars);
  switch (step) {
    case 'wait-not-ready':
      await side.via.ensure(nodeNotReady(host.name, via));
      return;
    case 'remove-member':
      return removeMember(journey);
    case 'reset-host':
      await context.ensure(resetHost({ name: host.name, api: apiOf(host, vars) }, vars));
      return;
    case 'delete-node':
      await side.via.ensure(nodeForgotten(host.name, via));
      return;
    case 'join':
      await forgetStatus(journey);
      return join(journey);
    case 'restart-kubelet':
      await context.ensure(kubeletRestarted(host.name));
      return;
    case 'promote-member':
      return promote(journey);
    case 'await-member':
      await side.via.ensure(etcdSettled(host, podEtcdctl(via), etcdLogOf(host)));
      return;
    case 'mark':
      await context.ensure(nodeMarked(host.name, apiOf(host, vars), vars));
  }
}

/** What shows what the member beside an API server says. */
export const etcdLogOf = ({ name }: { readonly name: string }): string => `kubectl -n kube-system logs etcd-${name}`;

/** Shows the arithmetic first, and refuses what would cost the quorum. */
async function removeMember({ context, vars, side }: Journey): Promise<void> {
  const members = side.witness?.members ?? [];
  const member = memberOf({ ...context.host, members });
  if (member === undefined) return;
  const { allowed, sum } = removal(members, member);
  if (!allowed) {
    throw refused(`etcd would lose its quorum: ${sum}`, {
      mend: 'bring the other control planes’ etcd members back first (`crictl ps -a`, `crictl logs` on them)',
    });
  }
  context.note(`etcd: ${sum}`);
  await side.via.ensure(memberRemoved(member, podEtcdctl(viaOf(side.via, vars))));
}

async function promote({ context, vars, side }: Journey): Promise<void> {
  const member = memberOf({ ...context.host, members: side.witness?.members ?? [] });
  if (member !== undefined) await side.via.ensure(memberPromoted(member, podEtcdctl(viaOf(side.via, vars))));
}

/** A control plane that joins again must not find its old self among etcd’s endpoints. */
async function forgetStatus({ context, vars, side }: Journey): Promise<void> {
  const clusterStatus = side.witness?.clusterStatus ?? '';
  const stale = statusForgotten(context.host.name, clusterStatus, viaOf(side.via, vars));
  if (stale !== undefined) await side.via.ensure(stale);
}
