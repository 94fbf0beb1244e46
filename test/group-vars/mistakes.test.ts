import { describe, expect, test } from 'vitest';
import { baseVars, failureOf, type Given, load, problemsOf } from '../inventory/base-vars.ts';
import { etcdMistakes, external } from './etcd-mistakes.ts';
import { vars } from './mistake.ts';
import { networkMistakes } from './network-mistakes.ts';
import { varsMistakes } from './vars-mistakes.ts';

test('the base has nothing wrong', async () => {
  expect((await load()).hosts).toHaveLength(5);
  expect((await load()).notes).toEqual([]);
});

describe('one mistake, one problem, with its place', () => {
  const mistakes = [...networkMistakes, ...varsMistakes, ...etcdMistakes];
  test.each(mistakes.map(([name, given, said, mend = '']) => ({ name, given, said, mend })))(
    '$name',
    async (mistake) => {
      const { given, said, mend } = mistake;
      const [first, second, ...more] = await problemsOf(given);
      expect(first).toBe(said);
      expect(second ?? '').toContain(mend ?? '');
      expect(more).toEqual([]);
    },
  );

  test('a password is never repeated', async () => {
    const message = await failureOf(load(vars('weight: -60', 'authPass: correct-horse')));
    expect(message).toContain('authPass');
    expect(message).not.toContain('correct');
  });
});

describe('worth knowing, no reason to stop', () => {
  test('a group etcd that says nothing new', async () => {
    const groups = { controlPlane: ['mn01', 'mn02', 'mn03'], workers: ['wn01', 'wn02'], etcd: ['mn01', 'wn01'] };
    expect((await load({ groups })).notes).toEqual([
      '  hosts.ts  etcd runs on every control plane (mn01, mn02, mn03); the group etcd counts only with cluster.etcd: external',
    ]);
  });

  test('Calico with a Kubernetes it was not tested with', async () => {
    expect((await load(vars("'1.29.6'", "'1.31.0'"))).notes).toEqual([
      '  group_vars/all.yaml:13:3  versions.calico: Calico 3.28.0 is tested with Kubernetes 1.27 to 1.30, this is 1.31',
    ]);
    expect((await load(vars("'1.29.6'", "'1.20.2'"))).notes).toHaveLength(1);
  });

  test('many hosts without Typha', async () => {
    const many = Array.from({ length: 60 }, (_, i) => [`n${i}`, { address: `192.168.10.${i + 1}` }] as const);
    const given = { ...vars('typhaReplicas: 3', 'variant: plain'), hosts: Object.fromEntries(many) };
    expect((await load({ ...given, groups: { controlPlane: ['n0'] } })).notes[0]).toContain('60 hosts are many');
  });
});

describe('right as well', () => {
  test('an external etcd, on hosts of its own or not, and then any number of control planes', async () => {
    expect((await load(external(['store01', 'store02', 'store03']))).notes).toEqual([]);
    const two = { controlPlane: ['mn01', 'mn02'], workers: ['wn01'], etcd: ['mn01', 'mn02', 'wn01'] };
    expect((await load({ ...external([]), groups: two })).notes).toEqual([]);
  });

  test('a single control plane', async () => {
    expect((await load({ groups: { controlPlane: ['mn01'], workers: ['wn01'] } })).hosts).toHaveLength(5);
  });

  test('any Calico, where it is off', async () => {
    const text = baseVars.replace("'3.28.0'", "'9.9.9'").replace('typhaReplicas: 3', 'enabled: false');
    expect((await load({ files: { 'all.yaml': text } })).hosts).toHaveLength(5);
  });

  test('a port range beside the NodePorts, or one that keeps them free', async () => {
    const range = (low: string): Given => vars('ip_forward: 1', `ip_local_port_range: ${low}`);
    expect((await load(range('45001 65000'))).hosts).toHaveLength(5);
    const reserved = '15000 65000\n  net.ipv4.ip_local_reserved_ports: 30000-32767';
    expect((await load(range(reserved))).hosts).toHaveLength(5);
  });

  test('sums for one architecture are enough', async () => {
    const sum = 'b'.repeat(64);
    const given = vars('1.6.33', '1.6.34').files?.['all.yaml'];
    expect(
      (await load({ files: { 'all.yaml': `${given}checksums: { containerd-1.6.34: { arm64: ${sum} } }\n` } })).hosts,
    ).toHaveLength(5);
  });
});
