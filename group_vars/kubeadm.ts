import type { HostSet } from 'konverge';
import { externalEtcd } from './etcd.ts';
import { mirrorOf } from './mirrors.ts';
import type { ClusterVars } from './schema.ts';

export const conntrackMax = 'net.netfilter.nf_conntrack_max';

/** What kubeadm-init and kubeadm-join are told of the cluster; `etcd`: the hosts of that group. */
export function kubeadmSettings(vars: ClusterVars, etcd: HostSet<ClusterVars>) {
  const { cluster, versions, kubeadm } = vars;
  const external = externalEtcd(vars, etcd);
  const { name, vip, port } = cluster.endpoint;
  return {
    version: versions.kubernetes,
    endpoint: name ?? vip,
    endpointPort: port,
    vip,
    podSubnet: cluster.podSubnet,
    serviceSubnet: cluster.serviceSubnet,
    dnsDomain: cluster.dnsDomain,
    clusterName: cluster.name,
    imageRepository: mirrorOf(vars).imageRepository,
    certSANs: cluster.certSANs,
    apiServer: { extraArgs: kubeadm.apiServerExtraArgs },
    controllerManager: { extraArgs: kubeadm.controllerManagerExtraArgs },
    scheduler: { extraArgs: kubeadm.schedulerExtraArgs },
    etcd: external === undefined ? { extraArgs: kubeadm.etcdExtraArgs } : { external },
    kubelet: kubeadm.kubelet,
    kubeProxy: kubeProxySettings(vars),
    kubeletExtraArgs: kubeadm.kubeletExtraArgs,
    ...(kubeadm.taintControlPlanes ? {} : { taints: [] }),
    ignorePreflightErrors: kubeadm.ignorePreflightErrors,
    timeout: kubeadm.timeout,
  };
}

/**
 * Where `sysctl` says how many connections the kernel tracks, kube-proxy leaves that alone: by default it sets 32768 a CPU when it
 * starts, so that the wished value is gone, and each run would find and set it again.
 */
function kubeProxySettings({ sysctl, kubeadm: { kubeProxy } }: ClusterVars): ClusterVars['kubeadm']['kubeProxy'] {
  if (sysctl[conntrackMax] === undefined) return kubeProxy;
  const { conntrack } = kubeProxy;
  const own = typeof conntrack === 'object' && !Array.isArray(conntrack) ? conntrack : {};
  return { ...kubeProxy, conntrack: { maxPerCore: 0, min: 0, ...own } };
}
