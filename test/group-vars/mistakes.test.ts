import { describe, expect, test } from 'vitest';
import { baseVars, type Given, load, messageOf, problemsOf } from '../inventory/base-vars.ts';
import { vars } from './mistake.ts';
import { networkMistakes } from './network-mistakes.ts';
import { varsMistakes } from './vars-mistakes.ts';

test('the base has nothing wrong', () => {
  expect(load().hosts).toHaveLength(5);
  expect(load().notes).toEqual([]);
});

describe('one mistake, one problem, with its place', () => {
  const mistakes = [...networkMistakes, ...varsMistakes];
  test.each(mistakes.map(([name, given, said, mend = '']) => ({ name, given, said, mend })))('$name', (mistake) => {
    const { given, said, mend } = mistake;
    const [first, second, ...more] = problemsOf(given);
    expect(first).toBe(said);
    expect(second ?? '').toContain(mend ?? '');
    expect(more).toEqual([]);
  });

  test('a password is never repeated', () => {
    const message = messageOf(() => load(vars('weight: -60', 'authPass: correct-horse')));
    expect(message).toContain('authPass');
    expect(message).not.toContain('correct');
  });
});

describe('worth knowing, no reason to stop', () => {
  test('Calico with a Kubernetes it was not tested with', () => {
    expect(load(vars("'1.29.6'", "'1.31.0'")).notes).toEqual([
      '  group_vars/all.yaml:13:3  versions.calico: Calico 3.28.0 is tested with Kubernetes 1.27 to 1.30, this is 1.31',
    ]);
    expect(load(vars("'1.29.6'", "'1.20.2'")).notes).toHaveLength(1);
  });

  test('many hosts without Typha', () => {
    const many = Array.from({ length: 60 }, (_, i) => [`n${i}`, { address: `192.168.10.${i + 1}` }] as const);
    const given = { ...vars('typhaReplicas: 3', 'variant: plain'), hosts: Object.fromEntries(many) };
    expect(load({ ...given, groups: { controlPlane: ['n0'] } }).notes[0]).toContain('60 hosts are many');
  });
});

describe('right as well', () => {
  test('a single control plane', () => {
    expect(load({ groups: { controlPlane: ['mn01'], workers: ['wn01'] } }).hosts).toHaveLength(5);
  });

  test('any Calico, where it is off', () => {
    const text = baseVars.replace("'3.28.0'", "'9.9.9'").replace('typhaReplicas: 3', 'enabled: false');
    expect(load({ files: { 'all.yaml': text } }).hosts).toHaveLength(5);
  });

  test('a port range beside the NodePorts, or one that keeps them free', () => {
    const range = (low: string): Given => vars('ip_forward: 1', `ip_local_port_range: ${low}`);
    expect(load(range('45001 65000')).hosts).toHaveLength(5);
    const reserved = '15000 65000\n  net.ipv4.ip_local_reserved_ports: 30000-32767';
    expect(load(range(reserved)).hosts).toHaveLength(5);
  });

  test('sums for one architecture are enough', () => {
    const sum = 'b'.repeat(64);
    const given = vars('1.6.33', '1.6.34').files?.['all.yaml'];
    expect(
      load({ files: { 'all.yaml': `${given}checksums: { containerd-1.6.34: { arm64: ${sum} } }\n` } }).hosts,
    ).toHaveLength(5);
  });
});
