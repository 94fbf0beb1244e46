/** Where kubeadm keeps things, and the few paths of our own beside them. */
export const adminConf = '/etc/kubernetes/admin.conf';
export const kubeletConf = '/etc/kubernetes/kubelet.conf';
export const bootstrapConf = '/etc/kubernetes/bootstrap-kubelet.conf';
export const caFile = '/etc/kubernetes/pki/ca.crt';
export const kubeletConfig = '/var/lib/kubelet/config.yaml';

/** Notes to the next run. Nothing in here is a secret; `kubeadm reset` leaves it alone. */
export const ownFolder = '/etc/kubernetes/konverge';
/** there while `kubeadm init` has begun and not ended well */
export const initMark = `${ownFolder}/init.unfinished`;
/** there while a reset has begun and not ended well */
export const resetMark = `${ownFolder}/reset.unfinished`;

/** of the member that kubeadm runs beside an API server */
export const etcdManifest = '/etc/kubernetes/manifests/etcd.yaml';

export const controlPlaneManifests = [
  etcdManifest,
  '/etc/kubernetes/manifests/kube-apiserver.yaml',
  '/etc/kubernetes/manifests/kube-controller-manager.yaml',
  '/etc/kubernetes/manifests/kube-scheduler.yaml',
] as const;
