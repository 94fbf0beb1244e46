import { type EndpointState, fileState, type HostWitness, isHealthy, onlyAuthority } from '../kubeadm/index.ts';

/** All that is known before a cluster may be started. */
export interface Scene {
  readonly name: string;
  readonly own: HostWitness;
  /** the other control planes; no witness = it cannot be reached */
  readonly others: readonly { readonly name: string; readonly witness: HostWitness | undefined }[];
  readonly assumeNoCluster: readonly string[];
  readonly endpoint: string;
  readonly endpointState: EndpointState;
}

export type InitDecision =
  | { readonly act: 'nothing' | 'init' | 'reset-and-init' | 'resume' | 'wait'; readonly why: string }
  | { readonly act: 'refuse'; readonly why: string; readonly mend: string };

/**
 * Whether a cluster is started here. Pure. Only a host that has never held etcd data is ever reset; one that has is
 * taken up where kubeadm died, which deletes nothing.
 */
export function decideInit(scene: Scene): InitDecision {
  return elsewhere(scene) ?? here(scene);
}

function elsewhere({ name, own, others, assumeNoCluster, endpoint }: Scene): InitDecision | undefined {
  const all = [{ name, witness: own }, ...others];
  const holder = all.find(({ witness }) => witness !== undefined && isHealthy(witness));
  if (holder !== undefined) return { act: 'nothing', why: `${holder.name} has the cluster` };
  const begun = others.find(({ witness }) => witness?.initUnfinished === true);
  if (begun !== undefined && !own.initUnfinished) {
    return { act: 'nothing', why: `an init that broke off on ${begun.name} is taken up there` };
  }
  const silent = others.filter((other) => other.witness === undefined && !assumeNoCluster.includes(other.name));
  if (silent.length > 0) {
    const names = silent.map((other) => other.name).join(', ');
    return {
      act: 'refuse',
      why: `no reachable control plane has a cluster, but ${names} cannot be reached and may hold it`,
      mend: `bring ${names} back; if you know that there is no cluster on it, say so: assumeNoCluster: [${names}]`,
    };
  }
  const broken = others.find(({ witness }) => witness?.etcdData !== undefined && !witness.initUnfinished);
  if (broken === undefined) return undefined;
  return {
    act: 'refuse',
    why: `${broken.name} holds etcd data, but no API server answers: a cluster was there and is down`,
    mend: `bring the control plane of ${endpoint} back (kubelet and etcd on ${broken.name}), or reset the hosts yourself`,
  };
}

function here({ name, own, endpoint, endpointState }: Scene): InitDecision {
  const died = 'an init broke off here';
  if (own.api === 'ready') return { act: 'resume', why: died };
  if (own.etcdData !== undefined) {
    if (own.initUnfinished) return { act: 'resume', why: died };
    if (own.resetUnfinished) return { act: 'reset-and-init', why: 'a reset broke off here' };
    if (fileState(own.files, 'control-plane') === 'all') {
      return { act: 'wait', why: `${name} is a control plane whose API server does not answer` };
    }
    return {
      act: 'refuse',
      why: `${name} holds etcd data of a cluster that is not running`,
      mend: 'restore that cluster, or save and remove its etcd data directory, then run again',
    };
  }
  if (!own.resetUnfinished && onlyAuthority(own.files)) {
    if (endpointState !== 'api') return { act: 'init', why: 'no control plane has a cluster' };
    return {
      act: 'refuse',
      why: `an API server answers at ${endpoint}, but no control plane of the inventory runs one`,
      mend: 'is the virtual address already used by another cluster? give this one its own, or add the missing hosts',
    };
  }
  return { act: 'reset-and-init', why: own.resetUnfinished ? 'a reset broke off here' : died };
}
