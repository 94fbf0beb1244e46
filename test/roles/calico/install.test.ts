import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { definitionsServed, rolledOut } from '../../../roles/calico/gates.ts';
import { calico } from '../../../roles/calico/index.ts';
import { runOn, shells } from '../../resources/harness.ts';
import { hostSays, inventory } from '../kubeadm/hosts.ts';
import { stage } from '../kubeadm/stage.ts';
import { standIns } from '../kubeadm/stand-ins.ts';

const text = readFileSync(new URL('../../fixtures/calico/calico-typha-v3.28.0.yaml', import.meta.url), 'utf8');
const given = {
  version: '3.28.0',
  source: {
    urls: ['https://raw.githubusercontent.com/projectcalico/calico/v3.28.0/manifests/calico-typha.yaml'],
    sha256: createHash('sha256').update(text).digest('hex'),
  },
  podSubnet: '10.244.0.0/16',
  kubernetesVersion: '1.29.6',
};

interface Scene {
  readonly hosts: Readonly<Record<string, string>>;
  readonly text?: string;
  readonly pools?: string;
  readonly check?: boolean;
}

async function run(on: string, { hosts, text: found = text, pools = '', check = false }: Scene) {
  const made = stage(on, {
    inventory,
    check,
    answer(name, script) {
      if (script.includes('unfinished init')) return hosts[name];
      if (script.includes('k get ippools')) return pools;
      if (script.includes('get --ignore-not-found -o json')) return 'asked\n';
      if (script.includes('sha256sum <"$p"')) return 'absent\n';
      return script.includes('cat /etc/kubernetes/konverge/calico-upstream.yaml') ? found : 'no';
    },
  });
  const entry = inventory.find(({ name }) => name === on);
  if (entry === undefined) throw new Error(on);
  await calico(given).prepare(entry, inventory).run(made.context);
  return made;
}

const up = { mn01: hostSays.controlPlane, mn02: hostSays.controlPlane, mn03: hostSays.controlPlane };
const down = { mn01: '', mn02: '', mn03: '' };
const file = 'download /etc/kubernetes/konverge/calico-upstream.yaml';

test('definitions first, then the rest, then it is waited for', async () => {
  const done = await run('mn01', { hosts: up });
  expect(done.said()).toEqual([
    `mn01: ${file}`,
    'mn01: manifest calico-crds',
    'mn01: gate Calico’s resource definitions are served',
    'mn01: manifest calico',
    'mn01: gate daemonset/calico-node is rolled out',
    'mn01: gate deployment/calico-typha is rolled out',
    'mn01: gate deployment/coredns is rolled out',
  ]);
  expect(done.deeds[1]?.changes).toHaveLength(18);
  expect(done.deeds[3]?.changes).toHaveLength(16);
  expect(done.notes).toEqual([]);
});

test('the others keep the manifest; the first healthy one acts', async () => {
  expect((await run('mn02', { hosts: up })).said()).toEqual([`mn02: ${file}`]);
  expect((await run('mn02', { hosts: { ...up, mn01: '' } })).said()).toContain('mn02: manifest calico');
});

test('an IP pool that is already there and another one', async () => {
  expect((await run('mn01', { hosts: up, pools: '10.244.0.0/16' })).notes).toEqual([]);
  expect((await run('mn01', { hosts: up, pools: '10.0.0.0/8' })).notes.join()).toMatch(/pool is 10\.0\.0\.0\/8, not/);
});

test('--check: the same list before there is a cluster, or the file', async () => {
  const planned = [`mn01: ${file}`, 'mn01: manifest calico-crds', 'mn01: manifest calico'];
  expect((await run('mn01', { hosts: down, text: '', check: true })).said()).toEqual(planned);
  expect((await run('mn01', { hosts: up, text: '', check: true })).said()).toEqual(planned);
  expect((await run('mn02', { hosts: down, text: '', check: true })).said()).toEqual([`mn02: ${file}`]);
  await expect(run('mn01', { hosts: down })).rejects.toThrow(/no control plane/);
});

test.each([
  [
    { source: { ...given.source, urls: ['https://github.com/projectcalico/calico/blob/master/x.yaml'] } },
    /release tag/,
  ],
  [{ encapsulation: 'vxlan' as const, mode: 'Never' as const }, /vxlan/],
  [{ typhaReplicas: 5 }, /as many hosts/],
  [{ version: 'master' }, /never a branch/],
])('refused before the first connection: %j', (more, why) => {
  const [mn01] = inventory;
  if (mn01 === undefined) throw new Error('no mn01');
  expect(() => calico({ ...given, ...more }).prepare(mn01, inventory)).toThrow(why);
});

describe.each(shells)('%s', (shell) => {
  test.each([
    ['yes', '4,4,3,3,3'],
    ['no', '4,3,3,3,3'],
    ['no', '4,4,3,2,3'],
    ['no', '4,4,3,3,2'],
    ['no', '1,1,3,,'],
    ['no', '1,,,,'],
    ['no', '1,1,0,0,0'],
  ])('rolled out: %s (%s)', async (yes, state) => {
    const wished = { namespace: 'kube-system', what: 'daemonset/calico-node', seconds: 1, mend: '' };
    const { script } = rolledOut(wished, { address: '10.0.0.11', port: 6443 }).probe;
    const { stdout } = await runOn(shell, script, { path: [await standIns({ kubectl: `printf '%s' '${state}'` })] });
    expect(stdout.toString().trim()).toBe(yes);
  });

  test.each([
    ['yes', 'a.example.org=True b.example.org=True '],
    ['no', 'a.example.org=True b.example.org=False '],
    ['no', 'a.example.org=True xb.example.org=True '],
    ['no', ''],
  ])('definitions served: %s (%s)', async (yes, state) => {
    const kubectl = `grep -q '"name":"b.example.org"' && printf '%s' '${state}'`;
    const { script } = definitionsServed(['a.example.org', 'b.example.org'], {
      address: '10.0.0.11',
      port: 6443,
    }).probe;
    const { stdout } = await runOn(shell, script, { path: [await standIns({ kubectl })] });
    expect(stdout.toString().trim()).toBe(yes);
  });
});
