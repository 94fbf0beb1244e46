import { type EtcdMember, nameOf, peerUrlOf } from './etcd-members.ts';
import type { FileState, HostRole } from './host-witness.ts';
import type { NodeView } from './node-view.ts';

/** The four witnesses of a host that is to be part of the cluster, put side by side. */
export interface Witnesses {
  readonly role: HostRole;
  readonly name: string;
  /** the address that the inventory gives it */
  readonly address: string;
  readonly files: FileState;
  /** its etcd data directory is not empty */
  readonly etcdData: boolean;
  /** a reset or an init of ours has begun there and not ended */
  readonly abandoned: boolean;
  /** whether its CA is the cluster's; undefined = it has none */
  readonly sameCluster: boolean | undefined;
  readonly kubelet: 'healthy' | 'unhealthy' | 'stopped';
  readonly node: NodeView | undefined;
  /** of etcd; undefined = it is external, and no member belongs to an API server */
  readonly members: readonly EtcdMember[] | undefined;
}

/** One step of the way from what is to a joined host, in the order in which they are made. */
export type JoinStep =
  | 'wait-not-ready'
  | 'remove-member'
  | 'reset-host'
  | 'delete-node'
  | 'join'
  | 'restart-kubelet'
  | 'promote-member'
  | 'await-member'
  | 'mark';

export type Decision =
  | { readonly steps: readonly JoinStep[]; readonly why: string; readonly refuse?: undefined }
  | { readonly refuse: string; readonly mend: string };

const done: Decision = { steps: [], why: 'joined' };

/**
 * What is to be done about a host, from the four witnesses: its files, its kubelet, its Node, its etcd member. Pure.
 * Every state that a killed run or a rebuilt machine leaves leads back to "joined"; what might be somebody's healthy
 * cluster or data is refused, never cleared.
 */
export function decide(w: Witnesses): Decision {
  const member = memberOf(w);
  return refusal(w, member) ?? (w.files === 'all' ? settled(w, member) : unsettled(w, member));
}

/** By peer URL or by name: a member that never started has no name. */
export function memberOf({ name, address, members }: Pick<Witnesses, 'name' | 'address' | 'members'>) {
  return members?.find((each) => each.peerUrls.includes(peerUrlOf(address)) || each.name === name);
}

function refusal(w: Witnesses, member: EtcdMember | undefined): Decision | undefined {
  if (member !== undefined && member.peerUrls.length > 0 && !member.peerUrls.includes(peerUrlOf(w.address))) {
    return {
      refuse: `etcd knows ${w.name} at ${member.peerUrls.join(', ')}, the inventory at ${w.address}`,
      mend: 'give the host its old address in the inventory, or remove that etcd member and the host first',
    };
  }
  if (w.abandoned) return undefined;
  if (w.sameCluster === false) {
    return {
      refuse: `${w.name} belongs to another cluster: its CA is not this cluster’s`,
      mend: 'if that cluster is given up, run `kubeadm reset` on the host and remove /etc/kubernetes/pki',
    };
  }
  if (w.files !== 'all' && member?.healthy === true) {
    return {
      refuse: `etcd on ${w.name} is a healthy member, but kubeadm’s files there are not complete`,
      mend: 'put the missing files back (`kubeadm init phase control-plane|etcd|kubeconfig`), or run `kubeadm reset` there',
    };
  }
  if (w.role === 'control-plane' && w.files === 'none' && w.etcdData && member === undefined) {
    return {
      refuse: `${w.name} holds etcd data that is no member of this cluster`,
      mend: 'save or move away what is in its etcd data directory, then run again',
    };
  }
  return undefined;
}

/** A host that is bare, or on which kubeadm died, or that was reset half-way. */
function unsettled(w: Witnesses, member: EtcdMember | undefined): Decision {
  const bare = w.files === 'none' && !w.etcdData && !w.abandoned;
  const steps: JoinStep[] = [];
  // A kubelet that still reports from a bare host is either the echo of the old one, or another machine of that name.
  if (bare && w.node?.ready === true) steps.push('wait-not-ready');
  if (member !== undefined) steps.push('remove-member');
  if (!bare) steps.push('reset-host');
  if (w.node !== undefined) steps.push('delete-node');
  steps.push('join');
  return { steps, why: reason(w, member, bare) };
}

function reason(w: Witnesses, member: EtcdMember | undefined, bare: boolean): string {
  if (!bare) return 'a join or reset broke off here';
  if (w.node !== undefined) return 'the machine was built anew under its old name';
  if (member !== undefined) return `etcd still lists ${nameOf(member)}, but the host is bare`;
  return 'the host is bare';
}

/** Every file is there. */
function settled(w: Witnesses, member: EtcdMember | undefined): Decision {
  if (w.abandoned) return unsettled(w, member);
  const controlPlane = w.role === 'control-plane';
  if (controlPlane && w.members !== undefined && member === undefined) {
    const steps: JoinStep[] = ['reset-host', ...(w.node === undefined ? [] : ['delete-node' as const]), 'join'];
    return { steps, why: 'its etcd member was removed from the cluster' };
  }
  const steps: JoinStep[] = [];
  const why: string[] = [];
  if (w.node === undefined || w.kubelet === 'stopped') {
    steps.push('restart-kubelet');
    why.push(w.node === undefined ? 'its Node was deleted while it ran' : 'its kubelet does not run');
  }
  if (member?.learner === true) {
    steps.push('promote-member');
    why.push('its etcd member still learns');
  } else if (member?.name === '') {
    steps.push('await-member');
    why.push('its etcd member has not started yet');
  }
  if (controlPlane && w.node?.controlPlane !== true) {
    steps.push('mark');
    why.push('its Node is not marked as a control plane');
  }
  return steps.length === 0 ? done : { steps, why: why.join('; ') };
}
