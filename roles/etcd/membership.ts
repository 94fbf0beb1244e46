import { command, gate, type HostView, type Resource, type Script, sh } from '../../lib/index.ts';
import { peerUrlOf } from '../kubeadm/index.ts';
import { ownEtcdctl } from './member-witness.ts';

/**
 * etcd lists the host as a member that learns: one that never comes up takes no quorum with it. `etcdctl` defines the shell
 * function `e`. etcd itself waits until all members have been connected for some seconds.
 */
export function announced({ name, address }: HostView, etcdctl: Script): Resource<unknown> {
  const url = peerUrlOf(address);
  const listed = sh`list=$(e member list) || exit 1
case $list in *${`, ${url}, `}*) ;; *) exit 1 ;; esac`;
  return command(`etcd member ${name} announced`, {
    unless: sh`${etcdctl}
${listed}`,
    run: sh`${etcdctl}
n=0
until said=$(e member add ${name} --learner --peer-urls=${url} 2>&1); do
  ( ${listed} ) && exit 0
  n=$((n + 1)); [ $n -lt 20 ] || { echo "$said" >&2; exit 1; }
  sleep 3
done`,
  });
}

/** The host's member votes. etcd agrees to that once it has caught up. */
export function votes({ name, address }: HostView, etcdctl: Script): Resource<unknown> {
  const url = peerUrlOf(address);
  const own = sh`own=$(e member list | grep -F ${`, ${url}, `})`;
  return command(`etcd member ${name} votes`, {
    unless: sh`${etcdctl}
${own} || exit 1
case $own in *', started, '*', false') ;; *) exit 1 ;; esac`,
    run: sh`${etcdctl}
${own} || { echo ${`no member at ${url}`} >&2; exit 1; }
n=0
until said=$(e member promote "\${own%%,*}" 2>&1); do
  n=$((n + 1)); [ $n -lt 60 ] || { echo "$said" >&2; exit 1; }
  sleep 2
done`,
    timeout: 400,
  });
}

/** Waits until the host's own member answers as one that votes does, with a quorum behind it. */
export function memberReady({ name, address }: HostView): Resource<unknown> {
  return gate(`etcd answers on ${name}`, {
    until: sh`${ownEtcdctl(address)}
e endpoint health`,
    seconds: 120,
    mend: `look at \`journalctl -u etcd\` on ${name}: can it reach port 2380 of the other members, and they its own? A run that is started again goes on from here`,
  });
}
