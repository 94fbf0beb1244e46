import type { Complaint } from './complaint.ts';
import type { PreflightVars } from './machine.ts';
import type { Listener } from './witness.ts';

interface Port {
  readonly port: number;
  /** who may hold it: a cluster that runs already has it so */
  readonly owner: string;
}

const onNodes: readonly Port[] = [
  { port: 10250, owner: 'kubelet' },
  { port: 10248, owner: 'kubelet' },
  { port: 10249, owner: 'kube-proxy' },
  { port: 10256, owner: 'kube-proxy' },
];

const onControlPlanes = (loadBalancerPort: number): readonly Port[] => [
  { port: 6443, owner: 'kube-apiserver' },
  { port: 10257, owner: 'kube-controller-manager' },
  { port: 10259, owner: 'kube-scheduler' },
  { port: loadBalancerPort, owner: 'haproxy' },
  { port: 8404, owner: 'haproxy' },
];

/** https://docs.tigera.io/calico/3.28/getting-started/kubernetes/requirements; 9099 and 9098 are its health ports. */
const ofCalico = ({ calico, typha }: PreflightVars): readonly Port[] => {
  if (calico === 'none') return [];
  return [
    { port: 9099, owner: 'calico-node' },
    ...(calico === 'ipip' ? [{ port: 179, owner: 'bird' }] : []),
    ...(typha ? [5473, 9098].map((port) => ({ port, owner: 'calico-typha' })) : []),
  ];
};

const onMembers: readonly Port[] = [
  { port: 2379, owner: 'etcd' },
  { port: 2380, owner: 'etcd' },
];

/** The kernel keeps 15 characters of a process's name: `kube-controller`. */
const nameLimit = 15;

/** Ports that the cluster needs and something else has. */
export function portComplaints(listeners: readonly Listener[], vars: PreflightVars): readonly Complaint[] {
  const needed = [
    ...(vars.node ? onNodes : []),
    ...(vars.controlPlane ? onControlPlanes(vars.loadBalancerPort) : []),
    ...((vars.etcd ?? vars.controlPlane) ? onMembers : []),
    ...ofCalico(vars),
  ];
  return needed.flatMap(({ port, owner }) => {
    const taken = listeners.filter((each) => each.protocol === 'tcp' && each.port === port);
    const others = taken.flatMap(({ owners }) => owners).filter((name) => name !== owner.slice(0, nameLimit));
    if (others.length === 0) return [];
    const names = [...new Set(others)].join(', ');
    return [
      { what: `port ${port} is held by ${names}, ${owner} needs it`, mend: `stop ${names} or move it to another port` },
    ];
  });
}
