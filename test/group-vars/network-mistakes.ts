import { change, type Mistake, plus, vars } from './mistake.ts';

export const networkMistakes: readonly Mistake[] = [
  [
    'podSubnet with host bits',
    vars('10.244.0.0/16', '10.96.0.0/8'),
    'group_vars/all.yaml:3:3  cluster.podSubnet: 10.96.0.0/8 has host bits set: as a network it is 10.0.0.0/8',
    'mend: write 10.0.0.0/8 if that is what you mean, else a network of your own such as 10.244.0.0/16',
  ],
  [
    'pods and services overlap',
    vars('10.244.0.0/16', '172.16.0.0/12'),
    'group_vars/all.yaml:3:3  cluster.podSubnet: 172.16.0.0/12 overlaps with serviceSubnet 172.16.0.0/16',
    'mend: choose networks that share no address',
  ],
  [
    'pods and hosts overlap',
    vars('10.244.0.0/16', '192.168.0.0/16'),
    'group_vars/all.yaml:3:3  cluster.podSubnet: 192.168.0.0/16 overlaps with nodeNetwork 192.168.10.0/24',
  ],
  [
    'services and hosts overlap',
    vars('172.16.0.0/16', '192.168.0.0/17'),
    'group_vars/all.yaml:4:3  cluster.serviceSubnet: 192.168.0.0/17 overlaps with nodeNetwork 192.168.10.0/24',
  ],
  [
    'too small a pod network',
    vars('10.244.0.0/16', '10.244.0.0/22'),
    'group_vars/all.yaml:3:3  cluster.podSubnet: 10.244.0.0/22 has room for 4 nodes with a /24 each, and there are 5',
    'mend: take a /21 or larger',
  ],
  [
    'a pod network that cannot hold one node',
    vars('10.244.0.0/16', '10.244.0.0/26'),
    'group_vars/all.yaml:3:3  cluster.podSubnet: 10.244.0.0/26 has room for 0 nodes with a /24 each, and there are 5',
  ],
  [
    'too large a pod network',
    vars('10.244.0.0/16', '32.0.0.0/7'),
    'group_vars/all.yaml:3:3  cluster.podSubnet: 32.0.0.0/7 is more than kubeadm takes',
  ],
  [
    'too large a service network',
    vars('172.16.0.0/16', '11.0.0.0/8'),
    'group_vars/all.yaml:4:3  cluster.serviceSubnet: 11.0.0.0/8 is too large for services',
  ],
  [
    'too small a service network',
    vars('172.16.0.0/16', '172.16.0.0/29'),
    'group_vars/all.yaml:4:3  cluster.serviceSubnet: 172.16.0.0/29 is too small for services',
  ],
  [
    'a reserved network',
    vars('10.244.0.0/16', '169.254.0.0/16'),
    'group_vars/all.yaml:3:3  cluster.podSubnet: 169.254.0.0/16 touches 169.254.0.0/16, which is reserved',
  ],
  [
    'no network at all',
    vars('10.244.0.0/16', '10.244.0.0'),
    "group_vars/all.yaml:3:3  cluster.podSubnet: '10.244.0.0' is no IPv4 network",
    'mend: write it as 10.244.0.0/16',
  ],
  [
    'VIP outside the node network',
    vars('10.240', '11.240'),
    'group_vars/all.yaml:6:5  cluster.endpoint.vip: 192.168.11.240 is outside cluster.nodeNetwork 192.168.10.0/24',
    'mend: take a free address of 192.168.10.0/24',
  ],
  [
    'VIP is a host',
    vars('10.240', '10.22'),
    'group_vars/all.yaml:6:5  cluster.endpoint.vip: 192.168.10.22 is the address of mn02',
  ],
  [
    'VIP is the broadcast address',
    vars('10.240', '10.255'),
    "group_vars/all.yaml:6:5  cluster.endpoint.vip: 192.168.10.255 is the network's own or its broadcast address",
  ],
  [
    'VIP is the network address',
    vars('10.240', '10.0'),
    "group_vars/all.yaml:6:5  cluster.endpoint.vip: 192.168.10.0 is the network's own or its broadcast address",
  ],
  [
    'VIP is no address',
    vars('192.168.10.240', '192.168.10.256'),
    "group_vars/all.yaml:6:5  cluster.endpoint.vip: '192.168.10.256' is no IPv4 address",
  ],
  [
    'a missing var',
    vars('    vip: 192.168.10.240', '    port: 8443'),
    'group_vars/all.yaml:5:3  cluster.endpoint.vip: is missing',
    'mend: the virtual address of the API server; free, and inside nodeNetwork',
  ],
  [
    'a host outside the node network',
    change({ wn01: { address: '192.168.20.100' } }),
    'hosts.ts  192.168.20.100 is not in cluster.nodeNetwork 192.168.10.0/24 (wn01)',
    'mend: mend the address in hosts.ts, or cluster.nodeNetwork',
  ],
  [
    'a host on the broadcast address',
    change({ wn01: { address: '192.168.10.255' } }),
    'hosts.ts  192.168.10.255 is no host address in 192.168.10.0/24 (wn01)',
  ],
  [
    'a host without an IPv4 address',
    change({ wn01: { address: 'wn01.lan' } }),
    "hosts.ts  'wn01.lan' is no IPv4 address (wn01)",
  ],
  [
    'two hosts with one address',
    change({ wn02: { address: '192.168.10.100' } }),
    'hosts.ts  wn02 has the address 192.168.10.100, and so has wn01',
  ],
  [
    'a weight that cannot move the VIP',
    {
      ...vars('-60', '-2'),
      ...change({ mn02: { vars: { keepalived: { priority: 90 } } }, mn03: { vars: { keepalived: { priority: 70 } } } }),
    },
    'group_vars/all.yaml:18:3  keepalived.weight: -2 is too weak to move the VIP: priorities go from 70 to 100 (mn01, mn02, mn03)',
    'mend: its size must be above 30; -60 with priorities 100, 99, 98 is right',
  ],
  [
    'equal priorities',
    change({ mn02: { vars: { keepalived: { priority: 100 } } } }),
    'hosts.ts  keepalived.priority: mn02 has the priority 100, and so has mn01 (mn02)',
  ],
  [
    'a VRRP group of its own',
    change({ mn02: { vars: { keepalived: { virtualRouterId: 52 } } } }),
    "hosts.ts  keepalived.virtualRouterId: 52 differs from mn01's 51: both would take the VIP (mn02)",
  ],
  [
    'a virtual router id out of range',
    vars('weight: -60', 'virtualRouterId: 256'),
    "group_vars/all.yaml:18:3  keepalived.virtualRouterId: '256': too big: expected number to be <=255",
  ],
  [
    'too long a VRRP password',
    vars('weight: -60', 'authPass: correct-horse'),
    'group_vars/all.yaml:18:3  keepalived.authPass: is 13 characters long, at most 8 are allowed',
  ],
  [
    'a VRRP password without quotes',
    vars('weight: -60', 'authPass: 1111'),
    'group_vars/all.yaml:18:3  keepalived.authPass: is a number where text is wanted',
    'mend: write it in quotes',
  ],
  [
    'a VRRP password that is not in the environment',
    vars('weight: -60', 'authPass: !env VRRP'),
    'group_vars/all.yaml:18:3  keepalived.authPass: the environment variable VRRP is not set',
    'mend: export VRRP=… before the run, or remove the line',
  ],
  [
    'the port of the API server',
    vars('    vip:', '    port: 6443\n    vip:'),
    'group_vars/all.yaml:6:5  cluster.endpoint.port: 6443 is taken by the API server itself, on the same host',
    'mend: take a free port, such as 8443',
  ],
  [
    'a NodePort',
    vars('    vip:', '    port: 30443\n    vip:'),
    'group_vars/all.yaml:6:5  cluster.endpoint.port: 30443 lies among the NodePorts 30000-32767',
  ],
  [
    'a NodePort of an own range',
    plus("kubeadm: { apiServerExtraArgs: { service-node-port-range: '8000-9000' } }\n"),
    'group_vars/all.yaml:5:3  cluster.endpoint.port: 8443 lies among the NodePorts 8000-9000',
  ],
  [
    'an endpoint with the name of a host',
    vars('    vip:', '    name: mn01\n    vip:'),
    "group_vars/all.yaml:6:5  cluster.endpoint.name: 'mn01' is the name of a host",
  ],
  [
    'an even number of etcd members',
    { groups: { controlPlane: ['mn01', 'mn02'], workers: ['wn01', 'wn02'] } },
    'hosts.ts  2 control planes make 2 etcd members, which survive no more losses than 1',
    'mend: take 1 or 3',
  ],
  ['no control plane', { groups: { workers: ['wn01', 'wn02'] } }, 'hosts.ts  there is no control plane'],
  [
    'control plane and worker at once',
    { groups: { controlPlane: ['mn01', 'mn02', 'mn03'], workers: ['mn03'] } },
    'hosts.ts  is in controlPlane and in workers (mn03)',
  ],
];
