import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { expiries, firstToExpire } from '../../../roles/verify/certificates.ts';
import {
  clusterState,
  nodeFindings,
  podFindings,
  restartFindings,
  secondsUntilStable,
} from '../../../roles/verify/cluster-state.ts';
import { holds, hostFindings, hostState, vipFindings } from '../../../roles/verify/host-checks.ts';
import { verify, verifyVars } from '../../../roles/verify/index.ts';
import { runOn, shells } from '../../resources/harness.ts';
import { caPem, hostSays, inventory } from '../kubeadm/hosts.ts';
import { host as etcdHost, stage } from '../kubeadm/stage.ts';
import { below, standIns, tree } from '../kubeadm/stand-ins.ts';

const given = { version: '1.29.6', endpoint: '10.0.0.240', vip: '10.0.0.240', seconds: 0, stableSeconds: 0 };
const vars = verifyVars.parse(given);
const api = { address: '10.0.0.11', port: 6443 };

const nodes = inventory.map(({ name, address }) => `${name}|True|${address}|v1.29.6|{}|False`);
const pods = ['etcd-mn01|mn01|Running|true|2', 'coredns-1|wn01|Running|true true|0 1', 'job|wn01|Succeeded|false|0'];
const say = (nodeLines: readonly string[] = nodes, podLines: readonly string[] = pods): string =>
  `${nodeLines.join('\n')}\n@@\n${podLines.join('\n')}\n@@\n2026-03-01T10:00:00Z\n`;
const parse = (text: string) => clusterState(api).parse(Buffer.from(text));

test('Nodes and pods as they should be', () => {
  const state = parse(say());
  expect(state.nodes).toHaveLength(4);
  expect(nodeFindings(state.nodes, inventory, '1.29.6')).toEqual([]);
  expect(podFindings(state.pods)).toEqual([]);
  expect(state.pods[1]).toMatchObject({ restarts: 1, ready: true });
});

test.each([
  ['no Node', '', ['mn01 has no Node']],
  ['not Ready', 'mn01|Unknown|10.0.0.11|v1.29.6|{}|False', ['Node mn01 is not Ready']],
  ['no network', 'mn01|True|10.0.0.11|v1.29.6|{}|True', ['Node mn01 has no network (NetworkUnavailable)']],
  ['old kubelet', 'mn01|True|10.0.0.11|v1.28.0|{}|', ['Node mn01 runs 1.28.0, wished 1.29.6']],
  ['the VIP as its address', 'mn01|True|10.0.0.240|v1.29.6|{}|', ['Node mn01 is at 10.0.0.240, wished 10.0.0.11']],
])('Node: %s', (_, line, wished) => {
  expect(nodeFindings(parse(say([line, ...nodes.slice(1)])).nodes, inventory, '1.29.6')).toEqual(wished);
});

test('pods that are not Ready, or restart', () => {
  const state = parse(say(nodes, ['a|mn01|Running|true false|0 0', 'b||Pending||', 'c|wn01|Running|true|3']));
  expect(podFindings(state.pods)).toEqual([
    'pod a on mn01 is not Ready (Running)',
    'pod b on no host is not Ready (Pending)',
  ]);
  const later = parse(say(nodes, ['c|wn01|Running|true|4', 'd|wn01|Running|true|0']));
  expect(restartFindings(state.pods, later.pods)).toEqual(['pod c on wn01 restarts: 3 times before, 4 now']);
});

test.each([
  ['all have run for long', ['a|mn01|Running|true true|0 0|2026-03-01T09:59:40Z 2026-02-28T10:00:00Z'], 0],
  ['one began 5 s ago', ['a|mn01|Running|true true|0 9|2026-03-01T09:00:00Z 2026-03-01T09:59:55Z'], 10],
  ['a clock that is ahead', ['a|mn01|Running|true|0|2026-03-01T10:00:30Z'], 15],
  ['none runs', ['job|wn01|Succeeded|false|0|'], 0],
])('how long to wait for 15 s without a restart: %s', (_, lines, seconds) => {
  expect(secondsUntilStable(parse(say(nodes, lines)), 15)).toBe(seconds);
});

test('the VIP is on one host', () => {
  expect(
    vipFindings(
      '10.0.0.240',
      new Map([
        ['mn01', true],
        ['mn02', false],
        ['mn03', undefined],
      ]),
    ),
  ).toEqual([]);
  expect(
    vipFindings(
      '10.0.0.240',
      new Map([
        ['mn01', true],
        ['mn02', true],
      ]),
    )[0],
  ).toMatch(/mn01 and mn02 at once/);
  expect(vipFindings('10.0.0.240', new Map([['mn01', false]]))[0]).toMatch(/no control plane holds/);
});

describe.each(shells)('%s', (shell) => {
  test('what a host says', async () => {
    const ask = async (kubectl: string, systemctl: string) => {
      const { code, stdout } = await runOn(shell, hostState(vars).script, {
        path: [await standIns({ kubectl, systemctl })],
      });
      expect(code).toBe(0);
      return hostFindings('wn01', hostState(vars).parse(stdout), vars);
    };
    expect(await ask('echo ok', 'echo active')).toEqual([]);
    expect(await ask('echo one >&2; echo refused >&2; exit 1', 'echo failed; exit 3')).toEqual([
      'wn01: the kubelet is failed',
      'wn01: the API does not answer at 10.0.0.240:8443: refused',
    ]);
  });

  test('whether it holds an address: this machine has one of the two', async () => {
    const ask = async (address: string) => holds(address).parse((await runOn(shell, holds(address).script)).stdout);
    expect(await ask('127.0.0.1')).toBe(true);
    expect(await ask('192.0.2.1')).toBe(false);
  });

  test('what the API says, or that it says nothing', async () => {
    const kubectl = `case "$*" in *"get nodes"*) printf 'mn01|True|10.0.0.11|v1|{}|\\n' ;; *) printf 'a|mn01|Running|true|0\\n' ;; esac`;
    const { stdout } = await runOn(shell, clusterState(api).script, { path: [await standIns({ kubectl })] });
    expect(clusterState(api).parse(stdout)).toMatchObject({ nodes: [{ name: 'mn01' }], pods: [{ name: 'a' }] });
    const silent = await runOn(shell, clusterState(api).script, { path: [await standIns({ kubectl: 'exit 1' })] });
    expect(silent.code).toBe(1);
  });

  test('when certificates expire, without reading a key', async () => {
    const root = await tree({
      'etc/kubernetes/pki/ca.crt': caPem,
      'etc/kubernetes/pki/ca.key': 'secret',
      'etc/kubernetes/pki/etcd/ca.crt': caPem,
      'etc/kubernetes/admin.conf': `    client-certificate-data: ${Buffer.from(caPem).toString('base64')}\n    client-key-data: c2VjcmV0\n`,
      'etc/kubernetes/scheduler.conf': '',
    });
    const { code, stdout } = await runOn(shell, below(root, expiries.script));
    expect(code).toBe(0);
    expect(stdout.toString()).not.toContain('secret');
    expect(expiries.parse(stdout).map(({ path }) => path)).toEqual(['pki/ca.crt', 'pki/etcd/ca.crt', 'admin.conf']);
    expect(expiries.parse((await runOn(shell, below('/nowhere', expiries.script))).stdout)).toEqual([]);
  });
});

test('the first to expire', () => {
  const end = execFileSync('openssl', ['x509', '-enddate', '-noout'], { input: caPem })
    .toString()
    .trim()
    .slice('notAfter='.length);
  const [only] = expiries.parse(Buffer.from(`@@ pki/ca.crt\n${caPem}`));
  expect(only?.until).toEqual(new Date(end));
  const now = new Date('2030-01-01T00:00:00Z');
  const all = [
    { path: 'a', until: new Date('2030-02-01T00:00:00Z') },
    { path: 'b', until: new Date('2030-01-03T12:00:00Z') },
  ];
  expect(firstToExpire(all, now)).toMatchObject({ path: 'b', days: 2 });
  expect(firstToExpire([], now)).toBeUndefined();
});

const etcdMembers = inventory.slice(0, 3).map(({ name, address }, i) => ({
  ID: i + 1,
  name,
  peerURLs: [`https://${address}:2380`],
  clientURLs: [`https://${address}:2379`],
}));
const etcdSays = [
  JSON.stringify({ members: etcdMembers }),
  '{}',
  JSON.stringify(etcdMembers.map(({ clientURLs }) => ({ endpoint: clientURLs[0], health: true }))),
  '[{"Status":{"leader":2}}]',
].join('\n@@\n');

interface Scene {
  readonly cluster?: string;
  readonly host?: string;
  readonly hosts?: Readonly<Record<string, string>>;
  readonly vip?: readonly string[];
  readonly check?: boolean;
}
const up = {
  mn01: hostSays.controlPlane,
  mn02: hostSays.controlPlane,
  mn03: hostSays.controlPlane,
  wn01: hostSays.worker,
};

async function run(
  on: string,
  { cluster = say(), host = 'kubelet active\nendpoint \n', hosts = up, vip = ['mn02'], check = false }: Scene,
  { on: all = inventory, ...more }: { readonly on?: typeof inventory } & Partial<Parameters<typeof verify>[0]> = {},
) {
  const asked: string[] = [];
  const made = stage(on, {
    inventory: all,
    check,
    answer(name, script) {
      if (script.includes('alarm list')) {
        asked.push(script);
        return etcdSays;
      }
      if (script.includes('get nodes')) return cluster;
      if (script.includes('addr show')) return vip.includes(name) ? 'yes' : 'no';
      if (script.includes('client-certificate-data')) return `@@ pki/apiserver.crt\n${caPem}`;
      return script.includes('conf=') ? host : hosts[name];
    },
  });
  const entry = inventory.find(({ name }) => name === on);
  if (entry === undefined) throw new Error(on);
  await verify({ ...given, ...more })
    .prepare(entry, all)
    .run(made.context);
  return { ...made, asked };
}

describe('the role', () => {
  test('a cluster that is well, and what is worth knowing', async () => {
    const first = await run('mn01', {});
    expect(first.notes).toEqual([
      expect.stringMatching(/first certificate to expire is pki\/apiserver\.crt, in [01] days: renew it/),
      '4 Nodes are Ready at 1.29.6; etcd has 3 healthy members, its leader is mn02',
    ]);
    expect((await run('wn01', {})).notes).toEqual([]);
    expect(first.deeds).toEqual([]);
  });

  test('everything that is wrong, at once', async () => {
    const bad = {
      cluster: say(nodes.slice(1), ['a|mn01|Pending||']),
      vip: [],
      host: 'kubelet active\nendpoint refused\n',
    };
    await expect(run('mn01', bad)).rejects.toThrow(
      [
        'mn01: the API does not answer at 10.0.0.240:8443: refused',
        'mn01 has no Node',
        'pod a on mn01 is not Ready (Pending)',
        'no control plane holds the VIP 10.0.0.240',
      ].join('\n'),
    );
    expect((await run('mn01', { ...bad, check: true })).notes).toHaveLength(4);
    await expect(run('wn01', bad)).rejects.toThrow(/^wn01: the API does not answer at 10\.0\.0\.240:8443: refused$/);
  });

  test('an external etcd is asked with what the API server shows to it; its hosts are no Nodes', async () => {
    const externalEtcd = {
      endpoints: ['https://10.0.0.51:2379'],
      caFile: '/etc/x/ca.crt',
      certFile: '/etc/x/client.crt',
      keyFile: '/etc/x/client.key',
    };
    const stores = ['10.0.0.51', '10.0.0.52', '10.0.0.53'].map((address, i) =>
      etcdHost(`store0${i + 1}`, address, 'etcd'),
    );
    const outside = [...inventory, ...stores];
    await expect(run('mn01', {}, { externalEtcd, on: outside })).rejects.toThrow(
      /^etcd: store01 .* is not a member\netcd: store02 .* is not a member\netcd: store03[^]*etcd: mn01 is a member, but no such host/,
    );
    const beside = inventory.map((each) =>
      each.groups.includes('controlPlane') ? { ...each, groups: [...each.groups, 'etcd'] } : each,
    );
    const { notes, asked } = await run('mn01', {}, { externalEtcd, on: beside });
    expect(notes).toContain('4 Nodes are Ready at 1.29.6; etcd has 3 healthy members, its leader is mn02');
    expect(asked[0]).toContain('/usr/local/bin/etcdctl --endpoints=https://10.0.0.51:2379');
    expect(asked[0]).not.toContain('kubectl');
  });

  test('no control plane answers: said once, by the first', async () => {
    const hosts = { mn01: '', mn02: '', mn03: '', wn01: '' };
    await expect(run('mn01', { hosts })).rejects.toThrow(/no control plane with a ready API server/);
    expect((await run('mn02', { hosts })).notes).toHaveLength(1);
  });
});
