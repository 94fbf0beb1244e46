import type { z } from 'zod';
import type { firewalldVars } from './vars.ts';

export type FirewallVars = z.output<typeof firewalldVars>;

/** What is let in: `6443/tcp`, `30000-32767/udp`, or an IP protocol by its name in protocols(5). */
export interface Opening {
  readonly what: string;
  readonly why: string;
}

/** Ports: https://kubernetes.io/docs/reference/networking/ports-and-protocols/ and Calico's system requirements. */
export function openings(vars: FirewallVars): readonly Opening[] {
  return [
    ...(vars.node ? onNode(vars) : []),
    ...(vars.controlPlane ? controlPlane(vars.loadBalancerPort) : []),
    ...((vars.etcd ?? vars.controlPlane) ? etcd : []),
    ...(vars.timeServer ? [{ what: '123/udp', why: 'chrony' }] : []),
    ...vars.extra.map((what) => ({ what, why: 'asked for' })),
  ];
}

const onNode = (vars: FirewallVars): readonly Opening[] => [
  { what: '10250/tcp', why: 'kubelet' },
  { what: '10256/tcp', why: 'kube-proxy health, asked by load balancers' },
  ...(vars.nodePorts ? nodePorts : []),
  ...calico[vars.calico],
  ...(vars.typha && vars.calico !== 'none' ? typha : []),
];

// From everywhere, as each of these ports: whoever comes has to show a certificate.
const etcd: readonly Opening[] = [
  { what: '2379/tcp', why: 'etcd, asked by API servers' },
  { what: '2380/tcp', why: 'etcd, asked by the other members' },
];

const nodePorts: readonly Opening[] = [
  { what: '30000-32767/tcp', why: 'NodePorts' },
  { what: '30000-32767/udp', why: 'NodePorts' },
];

const controlPlane = (loadBalancerPort: number): readonly Opening[] => [
  { what: '6443/tcp', why: 'kube-apiserver' },
  { what: `${loadBalancerPort}/tcp`, why: 'haproxy' },
  { what: '10257/tcp', why: 'kube-controller-manager' },
  { what: '10259/tcp', why: 'kube-scheduler' },
  { what: 'vrrp', why: 'keepalived' },
];

const calico: Readonly<Record<FirewallVars['calico'], readonly Opening[]>> = {
  ipip: [
    { what: '179/tcp', why: 'Calico BGP' },
    // protocols(5) calls protocol 4 so; Calico wraps IPv4 in IPv4.
    { what: 'ipencap', why: 'Calico IPIP' },
  ],
  vxlan: [{ what: '4789/udp', why: 'Calico VXLAN' }],
  none: [],
};

const typha: readonly Opening[] = [
  { what: '5473/tcp', why: 'Calico Typha' },
  { what: '9098/tcp', why: 'Calico Typha health' },
];

/** A firewalld service that is all of them, firewalld.service(5). */
export function serviceXml(all: readonly Opening[]): string {
  const lines = all.map(({ what, why }) => {
    const [port, protocol] = what.split('/');
    const element =
      protocol === undefined ? `<protocol value="${what}"/>` : `<port port="${port}" protocol="${protocol}"/>`;
    return `  ${element} <!-- ${why} -->`;
  });
  return `<?xml version="1.0" encoding="utf-8"?>
<service>
  <short>konverge</short>
  <description>What this host of the Kubernetes cluster is asked for. Written by konverge; changes are lost.</description>
${lines.join('\n')}
</service>
`;
}
