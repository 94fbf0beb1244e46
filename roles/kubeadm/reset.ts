import { type Change, type Resource, type Script, sh } from '../../lib/index.ts';
import { type HostWitness, hostWitness } from './host-witness.ts';
import type { ApiServer } from './kubectl.ts';
import { bootstrapConf, initMark, kubeletConf, ownFolder, resetMark } from './paths.ts';
import { type ClusterSettings, memberDataOf } from './settings.ts';
import { atLeast } from './version.ts';

export interface ResetTarget {
  readonly name: string;
  readonly api: ApiServer;
}

/**
 * Afterwards nothing that kubeadm made is left on the host, nor its etcd data, nor Calico's CNI configuration. What
 * kubeadm leaves and may be shared stays: iptables and ipvs rules, other CNI configurations, ~/.kube, images.
 * An external etcd on the same host is not touched. The etcd member and the Node are not its business: see forget.ts.
 */
export function resetHost(target: ResetTarget, settings: ClusterSettings): Resource<HostWitness> {
  return {
    kind: 'kubeadm-reset',
    id: target.name,
    probe: hostWitness(target.name, target.api, memberDataOf(settings)),
    diff: leftovers(settings.etcd.dataDir),
    async apply(host) {
      await host.run(resetScript(settings), { what: 'kubeadm reset', timeout: settings.timeout + 60 });
    },
  };
}

function leftovers(dataDir: string) {
  return ({ files, etcdData, initUnfinished, resetUnfinished }: HostWitness): readonly Change[] => [
    ...(files.size === 0 ? [] : [{ path: 'kubeadm', from: `${files.size} files of a join that broke off` }]),
    ...(etcdData === undefined ? [] : [{ path: 'etcd data', from: `${etcdData} KiB in ${dataDir}` }]),
    ...(initUnfinished || resetUnfinished ? [{ path: 'mark', from: 'an init or reset that broke off' }] : []),
  ];
}

// The member is removed through a healthy control plane beforehand; kubeadm's own try would wait for a dead API.
function resetScript(settings: ClusterSettings): Script {
  const { version, criSocket } = settings;
  const dataDir = memberDataOf(settings);
  const skip = atLeast(version, '1.22') ? 'remove-etcd-member' : 'remove-etcd-member,update-cluster-status';
  return sh`set -eu
mkdir -p ${ownFolder}
: >${resetMark}
log=$(mktemp /run/konverge-reset.XXXXXX)
kubeadm reset --force --cri-socket ${criSocket} --skip-phases ${skip} >"$log" 2>&1 </dev/null || {
  tail -n 40 "$log" >&2
  rm -f "$log"
  exit 1
}
rm -f "$log"
systemctl stop kubelet
rm -rf /etc/kubernetes/pki
rm -f ${bootstrapConf} ${kubeletConf} /etc/kubernetes/admin.conf /etc/kubernetes/super-admin.conf \
  /etc/kubernetes/controller-manager.conf /etc/kubernetes/scheduler.conf \
  /etc/kubernetes/manifests/etcd.yaml /etc/kubernetes/manifests/kube-apiserver.yaml \
  /etc/kubernetes/manifests/kube-controller-manager.yaml /etc/kubernetes/manifests/kube-scheduler.yaml \
  /var/lib/kubelet/config.yaml /var/lib/kubelet/kubeadm-flags.env
rm -f /etc/cni/net.d/10-calico.conflist /etc/cni/net.d/calico-kubeconfig
${dataDir === undefined ? sh`` : sh`rm -rf ${dataDir}/member`}
rm -f ${initMark} ${resetMark}`;
}
