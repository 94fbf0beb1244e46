import { z } from 'zod';
import { type Probe, type Script, sh } from '../../lib/index.ts';
import { type EtcdMember, type Machine, nameOf, parseBigJson, parseMembers, peerUrlOf } from '../kubeadm/index.ts';

/** What etcd says of itself, asked through one member. */
export interface EtcdView {
  readonly members: readonly EtcdMember[];
  /** by each member that answered: whom it takes for the leader, decimal id */
  readonly leaders: readonly string[];
  /** `NOSPACE on 8211f1d0f64f3269` */
  readonly alarms: readonly string[];
}

const statuses = z.array(z.object({ Status: z.object({ leader: z.string().default('0') }) }));
const alarmNames = ['NONE', 'NOSPACE', 'CORRUPT'];
const alarmList = z.object({
  alarms: z.array(z.object({ memberID: z.string().default('0'), alarm: z.number().default(0) })).default([]),
});

/** Read-only; fails (ProbeFailed) when etcd does not list its members. `etcdctl` defines the shell function `e`. */
export function etcdView(etcdctl: Script): Probe<EtcdView> {
  return {
    script: sh`${etcdctl}
members=$(e member list -w json) || exit 1
alarms=$(e alarm list -w json) || exit 1
health=$(e endpoint health --cluster -w json 2>/dev/null)
status=$(e endpoint status --cluster -w json 2>/dev/null)
printf '%s\n' "$members" @@ "$alarms" @@ "$health" @@ "$status"`,
    parse(out) {
      const [members = '', alarms = '', health = '', status = ''] = out.toString('utf8').split('\n@@\n');
      return {
        members: parseMembers(members, health),
        leaders: statuses.parse(parseBigJson(status.trim() || '[]')).map(({ Status }) => Status.leader),
        alarms: alarmList
          .parse(parseBigJson(alarms))
          .alarms.map(({ alarm, memberID }) => `${alarmNames[alarm] ?? alarm} on ${BigInt(memberID).toString(16)}`),
      };
    },
  };
}

/** The name of the one leader; undefined = they do not agree, or it is not a member. */
export function leaderOf({ members, leaders }: EtcdView): string | undefined {
  const [leader, ...more] = new Set(leaders);
  if (leader === undefined || more.length > 0) return undefined;
  return members.find(({ id }) => id === BigInt(leader).toString(16))?.name;
}

/** What is wrong with etcd, in words; [] = each of these hosts is a healthy, voting member, and nobody else is. */
export function etcdFindings(view: EtcdView, hosts: readonly Machine[]): readonly string[] {
  const { members, alarms } = view;
  const missing = hosts.filter(({ address }) => !members.some(({ peerUrls }) => peerUrls.includes(peerUrlOf(address))));
  const wished = hosts.map(({ address }) => peerUrlOf(address));
  return [
    ...missing.map(({ name, address }) => `etcd: ${name} (${peerUrlOf(address)}) is not a member`),
    ...members.flatMap((member) => memberFindings(member, wished)),
    ...(leaderOf(view) === undefined ? [`etcd: the members do not agree on a leader`] : []),
    ...alarms.map((alarm) => `etcd: alarm ${alarm}`),
  ];
}

function memberFindings(member: EtcdMember, wished: readonly string[]): readonly string[] {
  const known = member.peerUrls.some((url) => wished.includes(url));
  return [
    ...(known ? [] : [`etcd: ${nameOf(member)} is a member, but no such host of the inventory`]),
    ...(member.name === '' ? [`etcd: ${nameOf(member)} has never started`] : []),
    ...(member.learner ? [`etcd: ${nameOf(member)} does not vote yet`] : []),
    ...(member.name !== '' && !member.healthy ? [`etcd: ${nameOf(member)} is not healthy`] : []),
  ];
}
