import { type Probe, sh } from '../../lib/index.ts';
import {
  type ApiServer,
  defineKubectl,
  type Machine,
  type NodeView,
  nodesTemplate,
  parseNode,
} from '../kubeadm/index.ts';

/** One pod of kube-system. */
export interface PodView {
  readonly name: string;
  readonly node: string;
  readonly phase: string;
  readonly ready: boolean;
  readonly restarts: number;
  /** when its youngest container began to run; absent where none runs */
  readonly since?: Date;
}

/** What the API says of Nodes and of its own pods. */
export interface ClusterState {
  readonly nodes: readonly NodeView[];
  readonly pods: readonly PodView[];
  /** by the clock of the host that was asked */
  readonly now: Date;
}

const podFields = [
  '{.metadata.name}',
  '{.spec.nodeName}',
  '{.status.phase}',
  '{.status.containerStatuses[*].ready}',
  '{.status.containerStatuses[*].restartCount}',
  '{.status.containerStatuses[*].state.running.startedAt}',
].join('|');
const podsTemplate = `jsonpath={range .items[*]}${podFields}{"\\n"}{end}`;

export function clusterState(api: ApiServer): Probe<ClusterState> {
  return {
    script: sh`${defineKubectl(api)}
nodes=$(k get nodes -o ${nodesTemplate}) || exit 1
pods=$(k -n kube-system get pods -o ${podsTemplate}) || exit 1
printf '%s\n' "$nodes" @@ "$pods" @@
date -u +%FT%TZ`,
    parse(out) {
      const [nodes = '', pods = '', now = ''] = out.toString('utf8').split('\n@@\n');
      return {
        nodes: nodes.split('\n').flatMap((line) => parseNode(line) ?? []),
        pods: pods.split('\n').flatMap((line) => parsePod(line) ?? []),
        now: new Date(now.trim()),
      };
    },
  };
}

function parsePod(line: string): PodView | undefined {
  const [name = '', node = '', phase = '', ready = '', restarts = '', started = ''] = line.trim().split('|');
  if (name === '') return undefined;
  const answers = ready.split(' ').filter(Boolean);
  const times = started.split(' ').filter(Boolean).toSorted();
  return {
    ...(times.length > 0 && { since: new Date(times.at(-1) ?? '') }),
    name,
    node,
    phase,
    ready: answers.length > 0 && answers.every((answer) => answer === 'true'),
    restarts: restarts.split(' ').reduce((sum, count) => sum + Number(count), 0),
  };
}

/** What is wrong with the Nodes: each host of the inventory has one, Ready, of this version, at its address. */
export function nodeFindings(
  nodes: readonly NodeView[],
  hosts: readonly Machine[],
  version: string,
): readonly string[] {
  return hosts.flatMap(({ name, address }) => {
    const node = nodes.find((each) => each.name === name);
    if (node === undefined) return [`${name} has no Node`];
    return [
      ...(node.ready ? [] : [`Node ${name} is not Ready`]),
      ...(node.networkUnavailable ? [`Node ${name} has no network (NetworkUnavailable)`] : []),
      ...(node.version === version ? [] : [`Node ${name} runs ${node.version}, wished ${version}`]),
      ...(node.internalIP === address
        ? []
        : [`Node ${name} is at ${node.internalIP ?? 'no address'}, wished ${address}`]),
    ];
  });
}

/** What is wrong with the pods of kube-system. Those that have done their work (Succeeded) count as well. */
export function podFindings(pods: readonly PodView[]): readonly string[] {
  return pods
    .filter(({ phase, ready }) => phase !== 'Succeeded' && !ready)
    .map(({ name, node, phase }) => `pod ${name} on ${node || 'no host'} is not Ready (${phase})`);
}

/** Pods whose containers were restarted between two looks. */
export function restartFindings(before: readonly PodView[], after: readonly PodView[]): readonly string[] {
  return after.flatMap(({ name, node, restarts }) => {
    const earlier = before.find((pod) => pod.name === name)?.restarts ?? 0;
    return restarts > earlier ? [`pod ${name} on ${node} restarts: ${earlier} times before, ${restarts} now`] : [];
  });
}

/** Seconds until every container that runs now has run for so long; 0 where all have: what ran through did not restart. */
export function secondsUntilStable({ pods, now }: ClusterState, stableSeconds: number): number {
  const youngest = Math.max(...pods.map(({ since }) => since?.getTime() ?? 0));
  return Math.min(stableSeconds, Math.max(0, stableSeconds - (now.getTime() - youngest) / 1000));
}
