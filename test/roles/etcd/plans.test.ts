import { describe, expect, it } from 'vitest';
import type { Facts } from '../../../lib/index.ts';
import { assumedFacts, rehearseOn } from '../../../lib/run/rehearse.ts';
import type { Step } from '../../../lib/run/role.ts';
import { etcd } from '../../../roles/etcd/index.ts';
import { etcdClient } from '../../../roles/etcd-client/index.ts';
import { namesOf, sources as source, textOf } from '../plan.ts';
import { complaintsAbout } from '../verify-units.ts';

const hosts = ['store01', 'store02', 'store03'].map((name, i) => ({
  name,
  address: `192.168.10.${51 + i}`,
  groups: ['etcd'],
  vars: undefined,
}));
const plane = { name: 'k8s-mn01', address: '192.168.10.11', groups: ['controlPlane'], vars: undefined };
const inventory = [...hosts, plane];
const vars = { version: '3.5.12', source };

async function planOn(name: string, step: Step, family: Facts['os']['family'] = 'rhel', facts: Partial<Facts> = {}) {
  const host = inventory.find((each) => each.name === name) ?? plane;
  const prepared = step.prepare(host, inventory);
  return (await rehearseOn({ ...assumedFacts(family, host), ...facts }, prepared, step.dir, host, inventory)).resources;
}

describe.each(['rhel', 'debian'] as const)('on %s', (family) => {
  it('etcd', async () => {
    expect(namesOf(await planOn('store01', etcd(vars), family))).toEqual([
      'conflicts etcd etcd-server',
      'etcd-data /var/lib/etcd',
      'pkg openssl',
      'command user etcd',
      'archive etcd',
      'directory /etc/etcd/pki',
      'directory /var/lib/etcd',
      'command the kubelet is not kept to itself',
      'unit etcd.service',
    ]);
  });

  const folder = '/etc/kubernetes/etcd-client';
  const client = etcdClient({
    source,
    caFile: `${folder}/ca.crt`,
    certFile: `${folder}/client.crt`,
    keyFile: `${folder}/client.key`,
  });
  it('etcd-client, beside etcd and elsewhere', async () => {
    const all = ['pkg openssl', 'archive etcdctl', `directory ${folder}`, 'command the kubelet is not kept to itself'];
    expect(namesOf(await planOn('k8s-mn01', client, family))).toEqual(all);
    expect(namesOf(await planOn('store01', client, family))).toEqual(all.filter((each) => each !== 'archive etcdctl'));
  });
});

it('the unit', async () => {
  const text = textOf(
    await planOn('store02', etcd({ ...vars, quota: 8192, extraArgs: { 'auto-compaction-retention': '1' } })),
    'etcd.service',
  );
  expect(text).toMatchSnapshot();
  expect(await complaintsAbout({ 'etcd.service': text }, ['usr/local/bin/etcd'])).toBe('');
});

it('etcd 3.4 on arm64 is told that this is meant; no other needs to be', async () => {
  const arm = { arch: 'arm64' as const };
  const of = async (version: string, facts: Partial<Facts>): Promise<string> =>
    textOf(await planOn('store01', etcd({ ...vars, version }), 'debian', facts), 'etcd.service');
  expect(await of('3.4.23', arm)).toContain('\nEnvironment=ETCD_UNSUPPORTED_ARCH=arm64\n');
  expect(await of('3.5.12', arm)).not.toContain('UNSUPPORTED');
  expect(await of('3.4.23', {})).not.toContain('UNSUPPORTED');
});

it.each([
  ['an etcd that cannot let a member learn', etcd({ ...vars, version: '3.3.27' }), 'needs 3.4 or later'],
  ['an election before the heartbeat', etcd({ ...vars, heartbeatInterval: 500 }), 'less than five heartbeats'],
  ['a flag of its own', etcd({ ...vars, extraArgs: { 'data-dir': '/x' } }), 'is set by the role'],
  ['a value that a unit would read otherwise', etcd({ ...vars, extraArgs: { x: 'a b' } }), 'holds more than'],
  ['an etcd host that is none', etcd({ ...vars, assumeNoCluster: ['store09'] }), 'no etcd host store09'],
])('refuses %s', async (_, step, message) => {
  await expect(planOn('store01', step)).rejects.toThrow(message);
});

it('refuses a host that is in no group of etcd, and files in two folders', async () => {
  await expect(planOn('k8s-mn01', etcd(vars))).rejects.toThrow('k8s-mn01 is not in the group etcd');
  const apart = etcdClient({ source, caFile: '/etc/a/ca.crt', certFile: '/etc/b/x.crt', keyFile: '/etc/b/x.key' });
  await expect(planOn('k8s-mn01', apart)).rejects.toThrow('must be in one folder');
});
