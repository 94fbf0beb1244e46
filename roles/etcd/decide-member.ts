import { type EtcdMember, memberOf, nameOf, peerUrlOf } from '../kubeadm/index.ts';
import type { MemberWitness } from './member-witness.ts';

/** All that is known before something is done about one etcd host. */
export interface Scene {
  readonly name: string;
  readonly address: string;
  readonly own: MemberWitness;
  /** the other etcd hosts; no witness = cannot be reached */
  readonly others: readonly { readonly name: string; readonly witness: MemberWitness | undefined }[];
  readonly assumeNoCluster: readonly string[];
}

/**
 * One step of the way from what is to a voting member, in the order in which they are made: the first member of a new cluster;
 * a stale member gone; announced as one that learns; started; voting.
 */
export type MemberStep = 'found' | 'remove' | 'add' | 'start' | 'vote';

export type MemberDecision =
  | {
      readonly steps: readonly MemberStep[];
      readonly why: string;
      /** a healthy member that the cluster is asked and changed through */
      readonly via?: string;
      readonly refuse?: undefined;
    }
  | { readonly refuse: string; readonly mend: string };

/**
 * What is to be done about an etcd host. Pure, and the same for a first start, for growth and for a machine that was built
 * anew. Data is never cleared, and a cluster is begun only where nobody can have one.
 */
export function decideMember(scene: Scene): MemberDecision {
  const { name, own, others } = scene;
  const healthy = [{ name, witness: own }, ...others].filter(({ witness }) => witness?.healthy);
  const [first, ...more] = healthy;
  const stranger = more.find(({ witness }) => witness?.cluster !== first?.witness?.cluster);
  if (first !== undefined && stranger !== undefined) {
    return {
      refuse: `${first.name} and ${stranger.name} are members of two different etcd clusters`,
      mend: 'find out which one holds your data, stop etcd on the other host and move its data folder away',
    };
  }
  if (own.healthy) return { steps: [], why: 'it is a member' };
  const via = others.find(({ witness }) => witness?.healthy);
  return via?.witness === undefined ? alone(scene) : beside(scene, via.name, via.witness.members);
}

/** Nobody else is a healthy member. */
function alone({ own, others, assumeNoCluster }: Scene): MemberDecision {
  if (own.data) return { steps: ['start'], why: 'it goes on with its data' };
  const holder = others.find(({ witness }) => witness?.data);
  if (holder !== undefined) {
    return {
      refuse: `${holder.name} holds etcd data, but no member answers: a cluster was there and is down`,
      mend: `bring it back first: \`systemctl status etcd\` and \`journalctl -u etcd\` on ${holder.name}`,
    };
  }
  const silent = others.filter(({ name, witness }) => witness === undefined && !assumeNoCluster.includes(name));
  if (silent.length === 0) return { steps: ['found', 'start'], why: 'no etcd host has a cluster' };
  const names = silent.map(({ name }) => name).join(', ');
  return {
    refuse: `no reachable etcd host has a cluster, but ${names} cannot be reached and may hold it`,
    mend: `bring ${names} back; if you know that there is no etcd on it, say so: assumeNoCluster: [${names}]`,
  };
}

/** There is a cluster with a quorum. */
function beside({ name, address, own }: Scene, via: string, members: readonly EtcdMember[]): MemberDecision {
  const member = memberOf({ name, address, members });
  if (member !== undefined && !member.peerUrls.includes(peerUrlOf(address))) {
    return {
      refuse: `etcd knows ${name} at ${member.peerUrls.join(', ')}, the inventory at ${address}`,
      mend: 'give the host its old address in the inventory, or remove that member first (`etcdctl member remove`)',
    };
  }
  if (own.data) return withData(name, via, member);
  const learner = members.find((each) => each.learner && each !== member);
  if (learner !== undefined) {
    return {
      refuse: `${nameOf(learner)} still learns, and etcd takes one new member at a time`,
      mend: 'run again once that host is back, or remove its member (`etcdctl member remove`)',
    };
  }
  if (member === undefined) return { steps: ['add', 'start', 'vote'], why: 'it is no member yet', via };
  if (member.name === '') {
    const vote = member.learner ? ['vote' as const] : [];
    return { steps: ['start', ...vote], why: 'it was announced and has never started', via };
  }
  return { steps: ['remove', 'add', 'start', 'vote'], why: 'the machine was built anew under its old name', via };
}

function withData(name: string, via: string, member: EtcdMember | undefined): MemberDecision {
  if (member === undefined) {
    return {
      refuse: `${name} holds data of a member that the cluster does not list (any more)`,
      mend: 'if it was removed on purpose: stop etcd there and move `member` in its data folder away, then run again',
    };
  }
  if (member.learner) return { steps: ['start', 'vote'], why: 'it still learns', via };
  return { steps: ['start'], why: 'it is a member and does not answer', via };
}

/** Whether there can be a quorum once this host runs: until then there is nothing to wait for. */
export function canSettle({ own, others }: Scene, decision: MemberDecision): boolean {
  if (decision.refuse !== undefined) return false;
  if (own.healthy || decision.via !== undefined || decision.steps.includes('found')) return true;
  const voters = others.filter(({ witness }) => witness === undefined || witness.data);
  const running = voters.filter(({ witness }) => witness?.running);
  return running.length + 1 > (voters.length + 1) / 2;
}
