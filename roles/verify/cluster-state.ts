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
}

/** What the API says of Nodes and of its own pods. */
export interface ClusterState {
  readonly nodes: readonly NodeView[];
  readonly pods: readonly PodView[];
}

const podFields = [
  '{.metadata.name}',
  '{.spec.nodeName}',
  '{.status.phase}',
  '{.status.containerStatuses[*].ready}',
  '{.status.containerStatuses[*].restartCount}',
].join('|');
const podsTemplate = `jsonpath={range .items[*]}${podFields}{"\\n"}{end}`;

export function clusterState(api: ApiServer): Probe<ClusterState> {
  return {
    script: sh`${defineKubectl(api)}
nodes=$(k get nodes -o ${nodesTemplate}) || exit 1
pods=$(k -n kube-system get pods -o ${podsTemplate}) || exit 1
printf '%s\n' "$nodes" @@ "$pods"`,
    parse(out) {
      const [nodes = '', pods = ''] = out.toString('utf8').split('\n@@\n');
      return {
        nodes: nodes.split('\n').flatMap((line) => parseNode(line) ?? []),
        pods: pods.split('\n').flatMap((line) => parsePod(line) ?? []),
      };
    },
  };
}

function parsePod(line: string): PodView | undefined {
  const [name = '', node = '', phase = '', ready = '', restarts = ''] = line.trim().split('|');
  if (name === '') return undefined;
  const answers = ready.split(' ').filter(Boolean);
  return {
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
