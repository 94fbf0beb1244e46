import { type Cidr, contains, isReservedIn, overlap, type Problem, parseAddress, parseCidr } from 'konverge';
import type { ClusterVars } from '../schema.ts';
import type { ClusterCheck } from './cluster-host.ts';

// RFC 6890: this host, loopback, link-local, multicast and above.
const unusable = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3'];

type NetworkKey = 'nodeNetwork' | 'podSubnet' | 'serviceSubnet';

/** Pods, services and hosts share no address, and each network is of a size that Kubernetes can use. */
export const networks: ClusterCheck = (hosts) => {
  const cluster = hosts[0]?.vars.cluster;
  if (cluster === undefined) return [];
  return [
    ...overlapping(cluster, 'podSubnet', 'nodeNetwork'),
    ...overlapping(cluster, 'serviceSubnet', 'nodeNetwork'),
    ...overlapping(cluster, 'podSubnet', 'serviceSubnet'),
    ...(['nodeNetwork', 'podSubnet', 'serviceSubnet'] as const).flatMap((key) => special(cluster, key)),
    ...podSize(cluster.podSubnet, hosts.length),
    ...serviceSize(cluster.serviceSubnet),
  ];
};

/** Every host lies in nodeNetwork. That no two share an address is checked for every inventory. */
export const hostAddresses: ClusterCheck = (hosts) =>
  hosts.flatMap(({ name, address, vars }) => {
    const { nodeNetwork } = vars.cluster;
    const number = parseAddress(address);
    const tell = (message: string, mend: string): readonly Problem[] => [{ path: [], host: name, message, mend }];
    if (number === undefined) return tell(`'${address}' is no IPv4 address`, 'write it as 192.168.10.11');
    const network = parseCidr(nodeNetwork);
    if (network === undefined) return [];
    const mend = 'mend the address in hosts.ts, or cluster.nodeNetwork';
    if (!contains(network, number)) return tell(`${address} is not in cluster.nodeNetwork ${nodeNetwork}`, mend);
    return isReservedIn(network, number) ? tell(`${address} is no host address in ${nodeNetwork}`, mend) : [];
  });

/** The VIP is a free host address of nodeNetwork. */
export const virtualAddress: ClusterCheck = (hosts) => {
  const cluster = hosts[0]?.vars.cluster;
  const vip = parseAddress(cluster?.endpoint.vip ?? '');
  const network = parseCidr(cluster?.nodeNetwork ?? '');
  if (cluster === undefined || vip === undefined || network === undefined) return [];
  const text = cluster.endpoint.vip;
  const tell = (message: string): readonly Problem[] => [
    { path: ['cluster', 'endpoint', 'vip'], message, mend: `take a free address of ${cluster.nodeNetwork}` },
  ];
  if (!contains(network, vip)) return tell(`${text} is outside cluster.nodeNetwork ${cluster.nodeNetwork}`);
  if (isReservedIn(network, vip)) return tell(`${text} is the network's own or its broadcast address`);
  const owner = hosts.find(({ address }) => parseAddress(address) === vip);
  return owner === undefined ? [] : tell(`${text} is the address of ${owner.name}`);
};

function overlapping(cluster: ClusterVars['cluster'], own: NetworkKey, other: NetworkKey): readonly Problem[] {
  const a = parseCidr(cluster[own]);
  const b = parseCidr(cluster[other]);
  if (a === undefined || b === undefined || !overlap(a, b)) return [];
  const message = `${cluster[own]} overlaps with ${other} ${cluster[other]}`;
  return [{ path: ['cluster', own], message, mend: 'choose networks that share no address' }];
}

function special(cluster: ClusterVars['cluster'], key: NetworkKey): readonly Problem[] {
  const own = parseCidr(cluster[key]);
  const known = unusable.map(parseCidr).filter((each): each is Cidr => each !== undefined);
  const hit = own === undefined ? undefined : known.find((each) => overlap(own, each));
  if (hit === undefined) return [];
  const mend = 'take a private network: 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16 hold them';
  return [{ path: ['cluster', key], message: `${cluster[key]} touches ${hit.text}, which is reserved`, mend }];
}

/** kube-controller-manager gives each node a /24 of it; kubeadm allows 16 bits between the two masks. */
function podSize(text: string, hosts: number): readonly Problem[] {
  const path = ['cluster', 'podSubnet'];
  const prefix = parseCidr(text)?.prefix ?? 16;
  const nodes = prefix > 24 ? 0 : 2 ** (24 - prefix);
  if (nodes < hosts) {
    const message = `${text} has room for ${nodes} nodes with a /24 each, and there are ${hosts}`;
    return [{ path, message, mend: `take a /${24 - Math.ceil(Math.log2(hosts))} or larger` }];
  }
  return prefix < 8 ? [{ path, message: `${text} is more than kubeadm takes`, mend: 'take a /8 or smaller' }] : [];
}

/** kube-apiserver refuses more than 20 bits, and the cluster's DNS has the tenth address. */
function serviceSize(text: string): readonly Problem[] {
  const prefix = parseCidr(text)?.prefix ?? 16;
  if (prefix >= 12 && prefix <= 28) return [];
  const message = `${text} is too ${prefix < 12 ? 'large' : 'small'} for services`;
  return [{ path: ['cluster', 'serviceSubnet'], message, mend: 'take a mask from /12 to /28' }];
}
