import { describe, expect, test } from 'vitest';
import { canSettle, decideMember, type Scene } from '../../../roles/etcd/decide-member.ts';
import { initialEnvironment, memberFlags, ownFlags } from '../../../roles/etcd/flags.ts';
import type { MemberWitness } from '../../../roles/etcd/member-witness.ts';
import type { EtcdMember } from '../../../roles/kubeadm/index.ts';

const member = (n: number, more: Partial<EtcdMember> = {}): EtcdMember => ({
  id: `a${n}`,
  name: `mn0${n}`,
  peerUrls: [`https://10.0.0.${n}:2380`],
  clientUrls: [`https://10.0.0.${n}:2379`],
  learner: false,
  healthy: true,
  ...more,
});
const bare: MemberWitness = {
  data: false,
  ours: false,
  running: false,
  healthy: false,
  cluster: undefined,
  members: [],
};
const stopped: MemberWitness = { ...bare, data: true, ours: true };
const running: MemberWitness = { ...stopped, running: true };
const healthy = (...members: readonly EtcdMember[]): MemberWitness => ({
  ...running,
  healthy: true,
  cluster: 'c1',
  members,
});

const [m1, m2, m3] = [member(1), member(2), member(3)];
const scene = (own: MemberWitness, mn02?: MemberWitness, mn03?: MemberWitness): Scene => ({
  name: 'mn01',
  address: '10.0.0.1',
  own,
  others: [
    { name: 'mn02', witness: mn02 },
    { name: 'mn03', witness: mn03 },
  ],
  assumeNoCluster: [],
});
const unstarted = member(1, { name: '', clientUrls: [], healthy: false });
const dead = member(1, { healthy: false });
const two = healthy(m2, m3);

describe('an etcd host', () => {
  test.each<[string, Scene, readonly string[], boolean]>([
    ['all bare', scene(bare, bare, bare), ['found', 'start'], true],
    ['a beginning that died before the start', scene({ ...bare, ours: true }, bare, bare), ['found', 'start'], true],
    ['a beginning that died after it', scene(stopped, bare, bare), ['start'], true],
    ['another one has begun', scene(bare, healthy(m2), bare), ['add', 'start', 'vote'], true],
    ['announced, and the run died', scene(bare, healthy(m2, { ...unstarted, learner: true })), ['start', 'vote'], true],
    ['announced as one that votes', scene(bare, healthy(m2, unstarted)), ['start'], true],
    ['started, and the run died', scene(running, healthy(m2, member(1, { learner: true }))), ['start', 'vote'], true],
    ['a member', scene(healthy(m1, m2, m3), two, two), [], true],
    ['a member, the others cannot be reached', scene(healthy(m1, m2, m3)), [], true],
    ['a member that was stopped', scene(stopped, healthy(dead, m2, m3), running), ['start'], true],
    ['built anew', scene(bare, healthy(dead, m2, m3), two), ['remove', 'add', 'start', 'vote'], true],
    [
      'built anew while it learned',
      scene(bare, healthy(member(1, { learner: true, healthy: false }), m2)),
      ['remove', 'add', 'start', 'vote'],
      true,
    ],
    ['all stopped: nobody to wait for', scene(stopped, stopped, stopped), ['start'], false],
    ['the second of three that were stopped', scene(stopped, running, stopped), ['start'], true],
    ['stopped, the others cannot be reached', scene(stopped), ['start'], false],
  ])('%s', (_, given, steps, settles) => {
    const decision = decideMember(given);
    expect(decision).toMatchObject({ steps });
    expect(canSettle(given, decision)).toBe(settles);
  });

  test('of which the silent ones are known to be empty', () => {
    expect(decideMember({ ...scene(bare, bare), assumeNoCluster: ['mn03'] })).toMatchObject({
      steps: ['found', 'start'],
    });
  });

  test.each<[string, Scene, RegExp]>([
    ['one cannot be reached', scene(bare, bare), /mn03 cannot be reached and may hold it/],
    ['another one has data and is down', scene(bare, stopped, bare), /mn02 holds etcd data, but no member answers/],
    ['two clusters', scene(healthy(m1), { ...two, cluster: 'c2' }), /mn01 and mn02 are members of two different/],
    ['data of a member that was removed', scene(running, two), /does not list/],
    [
      'known under another address',
      { ...scene(bare, healthy(dead, m2)), address: '10.9.9.9' },
      /10\.0\.0\.1.*10\.9\.9\.9/,
    ],
    ['another one still learns', scene(bare, healthy(m2, member(3, { learner: true }))), /mn03 still learns/],
  ])('refuses: %s', (_, given, why) => {
    const decision = decideMember(given);
    expect(decision.refuse).toMatch(why);
    expect(decision).toHaveProperty('mend');
    expect(canSettle(given, decision)).toBe(false);
  });
});

test('its flags, and those of its beginning apart', () => {
  const settings = {
    name: 'mn01',
    address: '10.0.0.1',
    clientAddresses: ['10.0.0.1', '127.0.0.1'],
    dataDir: '/var/lib/etcd',
    heartbeatInterval: 100,
    electionTimeout: 1000,
    quota: 2048,
    snapshotCount: 10_000,
    extraArgs: { 'auto-compaction-retention': '1', logger: 'capnslog' },
  };
  const flags = memberFlags(settings);
  expect(flags).toContain('--listen-client-urls=https://10.0.0.1:2379,https://127.0.0.1:2379');
  expect(flags).toContain('--quota-backend-bytes=2147483648');
  expect(flags).toContain('--auto-compaction-retention=1');
  expect(flags.filter((flag) => flag.startsWith('--logger'))).toEqual(['--logger=capnslog']);
  expect(flags.join()).not.toContain('initial');
  expect(ownFlags).toContain('data-dir');
  const members = [
    { name: 'mn02', peerUrl: 'https://10.0.0.2:2380' },
    { name: 'mn01', peerUrl: 'https://10.0.0.1:2380' },
  ];
  expect(initialEnvironment({ state: 'existing', token: 'x', address: '10.0.0.1', members })).toContain(
    'ETCD_INITIAL_CLUSTER=mn02=https://10.0.0.2:2380,mn01=https://10.0.0.1:2380\n',
  );
});
