import type { HostSet } from '../lib/index.ts';
import { externalEtcd } from './etcd.ts';
import { mirrorOf } from './mirrors.ts';
import type { ClusterVars } from './schema.ts';

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
    kubeProxy: kubeadm.kubeProxy,
    kubeletExtraArgs: kubeadm.kubeletExtraArgs,
    ...(kubeadm.taintControlPlanes ? {} : { taints: [] }),
    ignorePreflightErrors: kubeadm.ignorePreflightErrors,
    timeout: kubeadm.timeout,
  };
}
