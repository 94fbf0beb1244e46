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
  /** an external etcd holds keys of a cluster; undefined = it is stacked, and each control plane holds its own data */
  readonly registry: boolean | undefined;
}

export type InitDecision =
  | { readonly act: 'nothing' | 'init' | 'reset-and-init' | 'resume' | 'wait'; readonly why: string }
  | { readonly act: 'refuse'; readonly why: string; readonly mend: string };

/**
 * Whether a cluster is started here. Pure. Only while etcd has never held a cluster (the host’s own member, or the external
 * one) is a host ever reset; afterwards init is taken up where kubeadm died, which deletes nothing.
 */
export function decideInit(scene: Scene): InitDecision {
  return elsewhere(scene) ?? here(scene);
}

function elsewhere({ name, own, others, assumeNoCluster, endpoint, registry }: Scene): InitDecision | undefined {
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
  const stacked = registry === undefined;
  const broken = others.find(({ witness }) => witness && !witness.initUnfinished && heldCluster(witness, stacked));
  if (broken === undefined) return undefined;
  return {
    act: 'refuse',
    why: `${broken.name} ${stacked ? 'holds etcd data' : 'is a control plane'}, but no API server answers: a cluster was there and is down`,
    mend: `bring the control plane of ${endpoint} back (kubelet and etcd on ${broken.name}), or reset the hosts yourself`,
  };
}

const heldCluster = ({ etcdData, files }: HostWitness, stacked: boolean): boolean =>
  stacked ? etcdData !== undefined : isComplete(files, stacked);

const isComplete = (files: ReadonlySet<string>, stacked: boolean): boolean =>
  fileState(files, 'control-plane', stacked ? 'stacked' : 'external') === 'all';

const died = 'an init broke off here';

function here(scene: Scene): InitDecision {
  const { name, own, endpoint, endpointState, registry } = scene;
  if (own.api === 'ready') return { act: 'resume', why: died };
  if (registry ?? own.etcdData !== undefined) return overData(scene);
  if (registry === false && !own.initUnfinished && !own.resetUnfinished && isComplete(own.files, false)) {
    return {
      act: 'refuse',
      why: `${name} is a control plane, but etcd holds no cluster`,
      mend: 'restore the data of etcd; if that cluster is given up, run `kubeadm reset` on the host and remove /etc/kubernetes/pki',
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

/** etcd holds a cluster, and no API server shows it. */
function overData({ name, own, registry }: Scene): InitDecision {
  const stacked = registry === undefined;
  if (own.initUnfinished) return { act: 'resume', why: died };
  if (own.resetUnfinished && stacked) return { act: 'reset-and-init', why: 'a reset broke off here' };
  if (isComplete(own.files, stacked) && !own.resetUnfinished) {
    return { act: 'wait', why: `${name} is a control plane whose API server does not answer` };
  }
  if (stacked) {
    return {
      act: 'refuse',
      why: `${name} holds etcd data of a cluster that is not running`,
      mend: 'restore that cluster, or save and remove its etcd data directory, then run again',
    };
  }
  return {
    act: 'refuse',
    why: 'etcd already holds a cluster (keys below /registry), but no control plane of the inventory has it',
    mend: 'bring a control plane of that cluster back, with its /etc/kubernetes/pki; if the cluster is given up, take a snapshot and delete its keys on an etcd host (`etcdctl del --prefix /registry`, see roles/etcd/README.md)',
  };
}
