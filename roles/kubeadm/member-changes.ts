import { command, type Resource, type Script, sh } from '../../lib/index.ts';
import { type EtcdMember, nameOf } from './etcd-members.ts';

/**
 * etcd no longer lists the member. The caller has made sure that the others are a quorum without it. `etcdctl` defines the
 * shell function `e`.
 */
export function memberRemoved(member: EtcdMember, etcdctl: Script): Resource<unknown> {
  return command(`etcd member ${nameOf(member)} (${member.id}) removed`, {
    unless: sh`${etcdctl}
list=$(e member list) || exit 1
case $list in *${member.id},*) exit 1 ;; esac`,
    run: sh`${etcdctl}
e member remove ${member.id}`,
  });
}

/** The member votes. etcd agrees to that once it has caught up. */
export function memberPromoted(member: EtcdMember, etcdctl: Script): Resource<unknown> {
  return command(`etcd member ${nameOf(member)} (${member.id}) votes`, {
    unless: sh`${etcdctl}
list=$(e member list) || exit 1
printf '%s\n' "$list" | grep -q '^${member.id}, .*, false$'`,
    run: sh`${etcdctl}
n=0
until said=$(e member promote ${member.id} 2>&1); do
  n=$((n + 1)); [ $n -lt 40 ] || { echo "$said" >&2; exit 1; }
  sleep 3
done`,
    timeout: 240,
  });
}
