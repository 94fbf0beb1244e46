import type { Problem } from 'konverge';
import { type ClusterCheck, controlPlanesOf } from './cluster-host.ts';

// Listened on by the control plane itself, by etcd, kubelet, kube-proxy, Calico and sshd: kubernetes.io, ports-and-protocols.
const taken: Readonly<Record<number, string>> = {
  22: 'sshd',
  179: 'Calico (BGP)',
  2379: 'etcd',
  2380: 'etcd',
  2381: 'etcd',
  5473: 'Calico Typha',
  6443: 'the API server itself, on the same host',
  9099: 'Calico',
  10248: 'the kubelet',
  10249: 'kube-proxy',
  10250: 'the kubelet',
  10256: 'kube-proxy',
  10257: 'kube-controller-manager',
  10259: 'kube-scheduler',
};

const defaultNodePorts = '30000-32767';

/** There is one at least, a stacked etcd has an odd number of members, and nobody is control plane and worker at once. */
export const members: ClusterCheck = (hosts) => {
  const count = controlPlanesOf(hosts).length;
  const both = hosts.filter(({ groups }) => groups.includes('controlPlane') && groups.includes('workers'));
  const problems: Problem[] = both.map(({ name }) => ({
    path: [],
    host: name,
    message: 'is in controlPlane and in workers',
    mend: 'keep one; control planes that run pods too: kubeadm.taintControlPlanes: false',
  }));
  if (count === 0)
    problems.push({ path: [], message: 'there is no control plane', mend: 'fill the group controlPlane' });
  if (count > 0 && count % 2 === 0 && hosts[0]?.vars.cluster.etcd === 'stacked') {
    const message = `${count} control planes make ${count} etcd members, which survive no more losses than ${count - 1}`;
    problems.push({ path: [], message, mend: `take ${count - 1} or ${count + 1}` });
  }
  return problems;
};

/** haproxy shares its hosts with the control plane, so its port must be free there and no NodePort. */
export const endpoint: ClusterCheck = (hosts) => {
  const vars = hosts[0]?.vars;
  if (vars === undefined) return [];
  const { port, name } = vars.cluster.endpoint;
  const problems: Problem[] = [];
  const owner = taken[port];
  if (owner !== undefined) {
    const message = `${port} is taken by ${owner}`;
    problems.push({ path: ['cluster', 'endpoint', 'port'], message, mend: 'take a free port, such as 8443' });
  }
  const range = vars.kubeadm.apiServerExtraArgs['service-node-port-range'] ?? defaultNodePorts;
  const [low = 0, high = 0] = range.split('-').map(Number);
  if (port >= low && port <= high) {
    const message = `${port} lies among the NodePorts ${range}`;
    problems.push({ path: ['cluster', 'endpoint', 'port'], message, mend: 'take a port outside, such as 8443' });
  }
  if (vars.kubeadm.apiServerExtraArgs['anonymous-auth'] === 'false') {
    const message = 'haproxy asks /readyz without a name: it would take every API server for down';
    const mend = 'leave it out; who may ask what without a name is for RBAC (system:public-info-viewer) to say';
    problems.push({ path: ['kubeadm', 'apiServerExtraArgs', 'anonymous-auth'], message, mend });
  }
  if (hosts.some((host) => host.name === name)) {
    const message = `'${name}' is the name of a host`;
    problems.push({ path: ['cluster', 'endpoint', 'name'], message, mend: 'the VIP needs a name of its own' });
  }
  return problems;
};
