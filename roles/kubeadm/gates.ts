import { gate, type HostView, type Resource, type Script, sh } from '../../lib/index.ts';
import type { Question } from './cluster-witness.ts';
import { peerUrlOf } from './etcd-members.ts';
import { type ApiServer, defineKubectl, readyz } from './kubectl.ts';
import { nodeTemplate } from './node-view.ts';
import { kubeletConf } from './paths.ts';

type Via = Question['via'];

/** Waits until the API server of this control plane itself, not the load balancer, says that it is ready. */
export function apiReady(name: string, server: ApiServer): Resource<unknown> {
  return gate(`the API server of ${name} is ready`, {
    until: readyz(server),
    seconds: 180,
    mend: `look at \`crictl ps -a\` and \`crictl logs\` of kube-apiserver and etcd on ${name}, and at \`journalctl -u kubelet\`. If etcd says that it has no leader, see “What it cannot mend” in roles/kubeadm-join/README.md`,
  });
}

/**
 * Waits until the member of `host` votes, every member is healthy, and all agree on one leader. `etcdctl` defines the shell
 * function `e` where it is asked; `log` is the command that shows what the member says.
 */
export function etcdSettled(host: HostView, etcdctl: Script, log: string): Resource<unknown> {
  return gate(`etcd is whole with ${host.name}`, {
    until: sh`${etcdctl}
list=$(e member list) || { echo "etcd does not list its members"; exit 1; }
case $list in *${peerUrlOf(host.address)}*) ;; *) echo "no member at ${peerUrlOf(host.address)}"; exit 1 ;; esac
waiting=$(printf '%s\n' "$list" | grep -v ', started, .*, false$') && { echo "not a voting member yet: $waiting"; exit 1; }
e endpoint health --cluster || exit 1
leaders=$(e endpoint status --cluster -w json | grep -o '"leader":[0-9]*' | sort -u)
[ "$(printf '%s\n' "$leaders" | grep -c .)" -eq 1 ] || { echo "no agreement on a leader: $leaders"; exit 1; }`,
    seconds: 180,
    mend: `look at \`${log}\`; a run that is started again goes on from here`,
  });
}

/** Waits until the host’s Node is registered with the address of the inventory. Ready comes with the network. */
export function nodeRegistered(host: HostView): Resource<unknown> {
  return gate(`Node ${host.name} is registered as ${host.address}`, {
    until: sh`node=$(timeout 15 kubectl --kubeconfig ${kubeletConf} --request-timeout=10s get node ${host.name} \
  -o ${nodeTemplate}) || exit 1
case $node in *'|${host.address} '* | *'|${host.address}|'*) ;; *) echo "name, ready, address, …: $node"; exit 1 ;; esac`,
    seconds: 120,
    mend: `look at \`journalctl -u kubelet\` on ${host.name}, and at --node-ip in /var/lib/kubelet/kubeadm-flags.env`,
  });
}

/** Waits until the API has noticed that the kubelet of a machine that was built anew is gone. Asked on `via`. */
export function nodeNotReady(name: string, via: Via): Resource<unknown> {
  return gate(`the old Node ${name} is no longer Ready`, {
    until: sh`${defineKubectl(via)}
node=$(k get node ${name} --ignore-not-found -o ${nodeTemplate}) || exit 1
case $node in *'|True|'*) echo "it still reports as Ready: $node"; exit 1 ;; esac`,
    seconds: 120,
    mend: `the host is bare, yet a kubelet reports as ${name}: find the other machine of that name, or delete the Node`,
  });
}
