import { expect, test } from 'vitest';
import { kubeadmJoin } from '../../../roles/kubeadm-join/index.ts';
import { clusterSays, hostSays, inventory } from '../kubeadm/hosts.ts';
import { given } from '../kubeadm/settings.ts';
import { type Play, type Stage, stage } from '../kubeadm/stage.ts';

const token = 'canary.secretsecret0000';
const isCluster = (script: string): boolean => script.includes('@@ ');
const isHost = (script: string): boolean => script.includes('unfinished init');

interface Scene extends Partial<Play> {
  readonly hosts: Readonly<Record<string, string>>;
  readonly cluster?: string;
  readonly version?: string;
}

async function run(
  on: string,
  { hosts, cluster = clusterSays({}), version = '1.29.6', ...play }: Scene,
): Promise<Stage> {
  const made = stage(on, {
    inventory,
    answer(name, script) {
      if (isCluster(script)) return cluster;
      return isHost(script) || script === '' ? hosts[name] : 'no';
    },
    reply: (_name, script) => (script.includes('token create') ? `${token}\n` : ''),
    ...play,
  });
  const entry = inventory.find((each) => each.name === on);
  if (entry === undefined) throw new Error(on);
  await kubeadmJoin(given({ version })).prepare(entry, inventory).run(made.context);
  return made;
}

/** Everything an operator, a log or `ps` could see. */
const visible = ({ deeds, notes }: Stage): string =>
  JSON.stringify([notes, deeds.map((deed) => [deed.name, deed.changes, deed.ran.map((each) => each.text)])]);

const others = { mn01: hostSays.controlPlane, mn03: hostSays.controlPlane };
const members = [
  { name: 'mn01', address: '10.0.0.11' },
  { name: 'mn03', address: '10.0.0.33' },
];
const dead = { name: 'mn02', address: '10.0.0.22', healthy: false };
const joins = [
  'mn01: output bootstrap token for mn02',
  'mn01: kubeadm-certs certificates for mn02',
  'mn02: kubeadm-join mn02',
  'mn01: command join data of mn02 revoked',
];
const gates = [
  'mn02: gate the API server of mn02 is ready',
  'mn02: gate Node mn02 is registered as 10.0.0.22',
  'mn01: gate etcd is whole with mn02',
];

test('a bare control plane joins through another one', async () => {
  const done = await run('mn02', { hosts: { ...others, mn02: hostSays.bare }, cluster: clusterSays({ members }) });
  expect(done.said()).toEqual([...joins, ...gates]);
});

test('a bare worker', async () => {
  const done = await run('wn01', { hosts: { ...others, wn01: hostSays.bare } });
  expect(done.said()).toEqual([
    'mn01: output bootstrap token for wn01',
    'wn01: kubeadm-join wn01',
    'mn01: command join data of wn01 revoked',
    'wn01: gate Node wn01 is registered as 10.0.0.100',
  ]);
});

test('no secret is seen anywhere but on the stdin that is meant to carry it', async () => {
  const done = await run('mn02', { hosts: { ...others, mn02: hostSays.bare }, cluster: clusterSays({ members }) });
  const [, upload, join] = done.deeds.map((deed) => deed.ran.map((each) => each.stdin).join(''));
  expect(join).toContain(`token: ${token}`);
  const [key] = /certificateKey: ([0-9a-f]{64})/.exec(join ?? '')?.slice(1) ?? [];
  expect(key).toBeDefined();
  expect(upload).toContain(`certificateKey: ${key}`);
  expect(visible(done)).not.toContain(token);
  expect(visible(done)).not.toContain('secretsecret0000');
  expect(visible(done)).not.toContain(key);
  expect(join).toMatch(/caCertHashes:\n +- sha256:[0-9a-f]{64}\n/);
  expect(visible(done)).toContain('bootstrap-token-canary');
});

test('the token is revoked when the join fails, and the failure is what is told', async () => {
  const made: Stage[] = [];
  const failing = stage('wn01', {
    inventory,
    answer: (name, script) =>
      isCluster(script) ? clusterSays({}) : isHost(script) || script === '' ? { ...others, wn01: '' }[name] : 'no',
    reply(_name, script) {
      if (script.includes('token create')) return token;
      if (script.includes('kubeadm join')) throw new Error('kubeadm join failed');
      if (script.includes('delete secret')) throw new Error('the API went away');
      return '';
    },
  });
  made.push(failing);
  const wn01 = inventory[3];
  if (wn01 === undefined) throw new Error('no worker');
  const role = kubeadmJoin(given()).prepare(wn01, inventory);
  await expect(role.run(failing.context)).rejects.toThrow('kubeadm join failed');
  expect(failing.said().at(-1)).toBe('mn01: command join data of wn01 revoked');
  expect(failing.notes.join()).toMatch(/could not be revoked.*the API went away/);
});

test.each([
  ['a worker', 'wn01', { wn01: hostSays.worker }, clusterSays({})],
  [
    'a control plane',
    'mn02',
    { ...others, mn02: hostSays.controlPlane },
    clusterSays({
      node: 'mn02|True|10.0.0.22|v1.29.6|{"node-role.kubernetes.io/control-plane":""}|',
      members: [...members, { name: 'mn02', address: '10.0.0.22' }],
    }),
  ],
])('%s that has joined is left alone', async (_, name, hosts, cluster) => {
  expect((await run(name, { hosts, cluster })).said()).toEqual([]);
});

test('a machine built anew under its old name', async () => {
  const cluster = clusterSays({ node: 'mn02|Unknown|10.0.0.22|v1.29.6|{}|', members: [...members, dead] });
  const done = await run('mn02', { hosts: { ...others, mn02: hostSays.bare }, cluster });
  expect(done.said()).toEqual([
    'mn01: command etcd member mn02 (a3) removed',
    'mn01: command Node mn02 and its pods deleted',
    ...joins,
    ...gates,
  ]);
  expect(done.notes).toContain('etcd: 3 voting members, 2 healthy without mn02; quorum is 2 now and 2 of 2 afterwards');
});

test('the first control plane of the inventory is no exception, and 1.20 forgets its ClusterStatus', async () => {
  const cluster = clusterSays({
    node: 'mn01|Unknown|10.0.0.11|v1.20.2|{}|',
    members: [
      { name: 'mn01', address: '10.0.0.11', healthy: false },
      { name: 'mn02', address: '10.0.0.22' },
      { name: 'mn03', address: '10.0.0.33' },
    ],
    status:
      'apiEndpoints:\n  mn01:\n    advertiseAddress: 10.0.0.11\n    bindPort: 6443\n  mn02: {}\nkind: ClusterStatus\n',
  });
  const hosts = { mn01: hostSays.bare, mn02: hostSays.controlPlane, mn03: hostSays.controlPlane };
  const done = await run('mn01', { hosts, cluster, version: '1.20.2' });
  expect(done.said().slice(0, 4)).toEqual([
    'mn02: command etcd member mn01 (a1) removed',
    'mn02: command Node mn01 and its pods deleted',
    'mn02: command mn01 removed from the ClusterStatus of kubeadm-config',
    'mn02: output bootstrap token for mn01',
  ]);
});

test('what would cost the quorum is refused, with the sum', async () => {
  const cluster = clusterSays({
    node: 'mn02|Unknown|10.0.0.22|v1.29.6|{}|',
    members: [{ name: 'mn01', address: '10.0.0.11' }, dead, { name: 'mn03', address: '10.0.0.33', healthy: false }],
  });
  const hosts = { mn01: hostSays.controlPlane, mn02: hostSays.bare, mn03: '' };
  await expect(run('mn02', { hosts, cluster })).rejects.toThrow(/lose its quorum: 3 voting members, 1 healthy/);
});

test('a join that broke off is cleared away first, and says what goes', async () => {
  const hosts = { ...others, mn02: `${hostSays.some}\ndata 2048` };
  const done = await run('mn02', { hosts, cluster: clusterSays({ members }) });
  expect(done.said()).toEqual(['mn02: kubeadm-reset mn02', ...joins, ...gates]);
  const [reset] = done.deeds;
  expect(reset?.changes.map(({ path, from }) => `${path}: ${from}`)).toContain('etcd data: 2048 KiB in /var/lib/etcd');
  const text = reset?.ran[0]?.text ?? '';
  expect(text).not.toMatch(/iptables|ipvsadm|rm -rf \/etc\/cni/);
  expect(text).toContain('--skip-phases remove-etcd-member >');
});

test('the CA of another cluster is refused', async () => {
  const hosts = { ...others, wn01: hostSays.worker.replace('ca cafe', 'ca beef').replace(/^node.*$/m, 'node') };
  await expect(run('wn01', { hosts })).rejects.toThrow(/another cluster/);
});

test('without a control plane nothing is guessed', async () => {
  await expect(run('wn01', { hosts: { mn01: '', mn02: '', mn03: '', wn01: '' } })).rejects.toThrow(/no control plane/);
});

test('an unreachable control plane is passed over', async () => {
  const done = await run('wn01', { hosts: { mn03: hostSays.controlPlane, mn02: '', wn01: '' } });
  expect(done.said()[0]).toBe('mn03: output bootstrap token for wn01');
});

const planOf = async (scene: Scene, on = 'mn02'): Promise<readonly string[]> =>
  (await run(on, { ...scene, check: true })).said();

test('--check lists what the run then does, gates apart', async () => {
  const scene = { hosts: { ...others, mn02: hostSays.some }, cluster: clusterSays({ members: [...members, dead] }) };
  const real = (await run('mn02', scene)).said().filter((each) => !each.includes(': gate '));
  expect(await planOf(scene)).toEqual(real);
});

test('--check before there is a cluster: the others would join through the first', async () => {
  const hosts = { mn01: '', mn02: '', mn03: '', wn01: '' };
  expect(await planOf({ hosts })).toEqual(joins);
  expect(await planOf({ hosts }, 'mn01')).toEqual([]);
  expect(await planOf({ hosts, lost: ['mn01'] }, 'mn03')).toEqual(
    joins.map((each) => each.replaceAll('mn02', 'mn03').replaceAll('mn01', 'mn02')),
  );
  const checked = await run('wn01', { hosts, check: true });
  expect(checked.notes.join()).toMatch(/minted at run time/);
  expect(checked.deeds.flatMap((deed) => deed.ran)).toEqual([]);
});

test.each([
  [
    'Node deleted while it ran',
    { node: '' },
    ['mn02: command kubelet of mn02 registers its Node', 'mn02: command Node mn02 is marked as a control plane'],
  ],
  [
    'not yet marked',
    { node: 'mn02|True|10.0.0.22|v1.29.6|{}|' },
    ['mn02: command Node mn02 is marked as a control plane'],
  ],
])('a control plane that is nearly there: %s', async (_, { node }, wished) => {
  const cluster = clusterSays({ node, members: [...members, { name: 'mn02', address: '10.0.0.22' }] });
  const done = await run('mn02', { hosts: { ...others, mn02: hostSays.controlPlane }, cluster });
  expect(done.said()).toEqual([...wished, ...gates]);
});
