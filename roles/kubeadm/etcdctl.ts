import { type Script, sh } from '../../lib/index.ts';
import { type ApiServer, defineKubectl } from './kubectl.ts';
import type { ExternalEtcd } from './settings.ts';

/** Where etcdctl is put on hosts that have no etcd pod. */
export const etcdctlPath = '/usr/local/bin/etcdctl';

/** Defines the shell functions `k` (kubectl) and `e`: etcdctl inside the etcd pod of the control plane `via`. */
export function podEtcdctl(via: { readonly name: string } & ApiServer): Script {
  return sh`${defineKubectl(via)}
e() {
  k -n kube-system exec etcd-${via.name} -c etcd -- etcdctl --endpoints=https://127.0.0.1:2379 \
    --cacert=/etc/kubernetes/pki/etcd/ca.crt --cert=/etc/kubernetes/pki/etcd/healthcheck-client.crt \
    --key=/etc/kubernetes/pki/etcd/healthcheck-client.key "$@"
}`;
}

/** Defines the shell function `e`: etcdctl of the host itself, given up after 30 s. */
export function clientEtcdctl({ endpoints, caFile, certFile, keyFile }: ExternalEtcd): Script {
  return sh`e() {
  timeout 30 ${etcdctlPath} --endpoints=${endpoints.join(',')} --dial-timeout=5s --command-timeout=10s \
    --cacert=${caFile} --cert=${certFile} --key=${keyFile} "$@"
}`;
}
