import type { Problem } from 'konverge';
import { conntrackMax } from '../kubeadm.ts';
import type { ClusterCheck, ClusterHost } from './cluster-host.ts';

const needed = ['net.ipv4.ip_forward', 'net.bridge.bridge-nf-call-iptables'];

/** No kernel setting works against the cluster. */
export const sysctl: ClusterCheck = (hosts) =>
  hosts.flatMap((host) => [...switchedOff(host), ...ports(host), ...conntrack(host)]);

function switchedOff({ name, vars }: ClusterHost): readonly Problem[] {
  return needed
    .filter((key) => vars.sysctl[key] !== undefined && String(vars.sysctl[key]) !== '1')
    .map((key) => ({
      path: ['sysctl', key],
      host: name,
      message: 'pods reach nothing unless it is 1',
      mend: 'write 1',
    }));
}

/** Outgoing connections must not take the ports that services are published on. */
function ports({ name, vars }: ClusterHost): readonly Problem[] {
  const key = 'net.ipv4.ip_local_port_range';
  const [low, high] = String(vars.sysctl[key] ?? '')
    .split(/\s+/)
    .map(Number);
  const reserved = vars.sysctl['net.ipv4.ip_local_reserved_ports'];
  if (low === undefined || high === undefined || reserved !== undefined || low > 32_767 || high < 30_000) return [];
  return [
    {
      path: ['sysctl', key],
      host: name,
      message: `${low}–${high} holds the NodePorts 30000–32767`,
      mend: "leave it out, and keep them free: net.ipv4.ip_local_reserved_ports: '30000-32767'",
    },
  ];
}

/** kube-proxy sets it when it starts, whoever has set it before: one of the two must not. */
function conntrack({ name, vars }: ClusterHost): readonly Problem[] {
  const { conntrack: own } = vars.kubeadm.kubeProxy;
  if (vars.sysctl[conntrackMax] === undefined || typeof own !== 'object' || own === null) return [];
  if (!('maxPerCore' in own) || own['maxPerCore'] === 0) return [];
  return [
    {
      path: ['sysctl', conntrackMax],
      host: name,
      message: 'kube-proxy would set another one: kubeadm.kubeProxy.conntrack.maxPerCore',
      mend: 'leave one of the two out',
    },
  ];
}
