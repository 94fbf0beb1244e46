import { type Probe, sh } from '../../lib/index.ts';
import { type EtcdMember, parseMembers } from './etcd-members.ts';
import { podEtcdctl } from './etcdctl.ts';
import type { ApiServer } from './kubectl.ts';
import { type NodeView, nodeTemplate, parseNode } from './node-view.ts';
import { caFile } from './paths.ts';

/** What the cluster says of one host, asked on a healthy control plane. */
export interface ClusterWitness {
  readonly node: NodeView | undefined;
  /** every member; undefined when etcd was not asked */
  readonly members: readonly EtcdMember[] | undefined;
  /** hex sha256 of the CA certificate */
  readonly ca: string;
  /** the CA certificate itself */
  readonly caPem: string;
  /** the old `ClusterStatus` of ConfigMap kubeadm-config, which kubeadm kept before 1.22; '' = none */
  readonly clusterStatus: string;
}

export interface Question {
  /** name of the Node that is asked about */
  readonly about: string;
  /** the control plane that is asked */
  readonly via: { readonly name: string } & ApiServer;
  readonly etcd: boolean;
}

/** Read-only; fails (ProbeFailed) when the API or etcd does not answer, since silence must not pass for "no". */
export function clusterWitness({ about, via, etcd }: Question): Probe<ClusterWitness> {
  // Variables and not files: a probe leaves no trace.
  // Right after init (or a restart) the API is ready before the kubelet has shown it etcd's pod.
  const members = sh`n=0
until members=$(e member list -w json 2>/dev/null); do
  n=$((n + 1)); [ $n -lt 20 ] || { e member list -w json; exit 1; }
  sleep 2
done
health=$(e endpoint health --cluster -w json 2>/dev/null)`;
  return {
    script: sh`${podEtcdctl(via)}
node=$(k get node ${about} --ignore-not-found -o ${nodeTemplate}) || exit 1
status=$(k -n kube-system get configmap kubeadm-config -o 'jsonpath={.data.ClusterStatus}') || exit 1
members= health=
${etcd ? members : sh`:`}
printf '@@ %s\n' "node
$node" "status
$status" "members
$members" "health
$health" "ca $(sha256sum <${caFile} | cut -c1-64)"
cat ${caFile}`,
    parse: (out) => parseCluster(out.toString('utf8'), etcd),
  };
}

function parseCluster(text: string, etcd: boolean): ClusterWitness {
  const parts = new Map<string, string>();
  for (const part of text.split(/^@@ /m).slice(1)) {
    const end = part.indexOf('\n');
    const [name = '', value] = part.slice(0, end).split(' ');
    if (value !== undefined) parts.set(`${name} hash`, value);
    parts.set(name, part.slice(end + 1).trim());
  }
  const of = (name: string): string => parts.get(name) ?? '';
  return {
    node: parseNode(of('node')),
    members: etcd ? parseMembers(of('members'), of('health')) : undefined,
    ca: of('ca hash'),
    caPem: of('ca'),
    clusterStatus: of('status'),
  };
}
