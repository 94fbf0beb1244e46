import { z } from 'zod';
import { address, addressOrName, dnsName, network, port, version } from './fields.ts';

const endpoint = z.strictObject({
  vip: address.describe('the virtual address of the API server; free, and inside nodeNetwork'),
  port: port.default(8443).describe('where haproxy listens on every control plane; not 6443, the API server has that'),
  name: dnsName
    .optional()
    .describe(
      'a DNS name for the VIP: goes to /etc/hosts, certificates and kubeconfigs. Choose it before the first run',
    ),
});

/** The identity of a cluster: the same on every host, and not to be changed once the cluster exists. */
export const cluster = z.strictObject({
  name: dnsName.default('kubernetes').describe('as kubeconfigs call it'),
  nodeNetwork: network.describe('the network that holds every host and the VIP'),
  podSubnet: network.describe('addresses of pods; overlaps with nothing'),
  serviceSubnet: network.describe('addresses of services; overlaps with nothing. Mask 12 to 28'),
  dnsDomain: dnsName.default('cluster.local'),
  endpoint: endpoint.describe('how everybody reaches the API server'),
  certSANs: z
    .array(addressOrName)
    .default([])
    .describe('more names and addresses for the API server certificate; VIP, endpoint name and hosts are in it anyway'),
  etcd: z
    .enum(['stacked', 'external'])
    .default('stacked')
    .describe('stacked: a member on each control plane. external: a service on the hosts of the group etcd'),
});

export const versions = z
  .strictObject({
    kubernetes: version('1.29.6').describe('kubeadm, kubelet, kubectl and the control plane'),
    containerd: version('1.6.33'),
    runc: version('1.1.12'),
    cniPlugins: version('1.4.0'),
    crictl: version('1.29.0').describe('of the minor version of kubernetes'),
    nerdctl: version('1.4.0').default('1.4.0'),
    buildkit: version('0.12.5').default('0.12.5').describe('older ones have the holes of January 2024'),
    calico: version('3.28.0'),
    etcd: version('3.5.12')
      .default('3.5.12')
      .describe('of cluster.etcd: external; kubeadm chooses that of a stacked one'),
    pause: z
      .string()
      .regex(/^\d+\.\d+(\.\d+)?$/, "is not a tag such as '3.9'")
      .optional()
      .describe('default: what kubeadm of this minor version uses (kubeadm config images list)'),
  })
  .describe("versions without v, always in quotes: '1.30' without them is the number 1.3");
