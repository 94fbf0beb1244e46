import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import type { Facts } from '../../../lib/index.ts';
import { preflight } from '../../../roles/preflight/index.ts';
import { parseWitness, witness } from '../../../roles/preflight/witness.ts';
import { runOn, shells } from '../../resources/harness.ts';
import { sandbox } from '../../resources/sandbox.ts';
import { type Asked, factsOf, type Ran, run, wn01 } from './run-role.ts';

const subnets = { podSubnet: '10.244.0.0/16', serviceSubnet: '10.96.0.0/16' };
const cluster = { ...subnets, controlPlane: true, vip: '10.0.0.240', calico: 'ipip' as const, typha: true };

/** As the kubelet keeps it, in the words of the probe. */
function certificateOf(node: string): string {
  const subject = `/O=system:nodes/CN=system:node:${node}`;
  const made = execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-subj',
      subject,
      '-keyout',
      '/dev/null',
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  return made.toString().replace(/^(?=.)/gm, 'cert ');
}

const quiet = `listen tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:* users:(("sshd",pid=66,fd=3))
route default via 10.0.0.1 dev eth0
route 10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.11
dns 10.0.0.1
free /var/lib/containerd /dev/sda1 100000000 1 90000000 1% /
free /var/lib/kubelet /dev/sda1 100000000 1 90000000 1% /
vip no
`;
const other = factsOf(
  'debian',
  {
    machineId: 'f'.repeat(32),
    hostname: 'wn01',
    interfaces: [{ name: 'eth0', mac: '02:00:00:00:00:02', addresses: ['10.0.0.21/24'] }],
  },
  wn01,
);
const go = (answer: Asked['answer'], but: Partial<Asked> = {}): Promise<Ran> =>
  run(preflight(cluster), { answer, other, ...but });

test('a host that will do, and one of a cluster that runs', async () => {
  expect(await go(quiet)).toEqual({ resources: [], notes: [], error: undefined });
  const running = `${quiet}listen tcp LISTEN 0 4096 *:6443 *:* users:(("kube-apiserver",pid=1,fd=3))
listen tcp LISTEN 0 4096 127.0.0.1:10257 0.0.0.0:* users:(("kube-controller",pid=2,fd=3))
listen tcp LISTEN 0 4096 *:8443 *:* users:(("haproxy",pid=4,fd=6),("haproxy",pid=3,fd=6))
listen udp UNCONN 0 0 0.0.0.0:6443 0.0.0.0:* users:(("other",pid=9,fd=1))
route blackhole 10.244.1.0/26 proto bird
route 10.244.2.0/26 via 10.0.0.21 dev tunl0 proto bird onlink
route 10.244.1.5 dev cali123 scope link
route 10.244.3.0/24 via 10.244.3.0 dev flannel.1 onlink
`;
  expect((await go(running.replace('vip no', 'vip yes'), { facts: holdsVip })).error).toBeUndefined();
});

const holdsVip = factsOf('debian', {
  interfaces: [{ name: 'eth0', mac: '02:00:00:00:00:01', addresses: ['10.0.0.11/24', '10.0.0.240/32'] }],
});

test.each<[string, string, Partial<Facts>, string]>([
  ['few CPUs', quiet, { cpus: 1 }, '1 CPUs, 2 are needed'],
  ['little memory', quiet, { memory: 1024 }, '1024 MiB of memory, 1700 are needed'],
  ['little disk', `${quiet}free /x y 1 1 1048576 1% /`, {}, '1024 MiB are free for /x, 8192 are needed'],
  [
    'old',
    quiet,
    { os: { family: 'debian', id: 'ubuntu', version: '20.04', major: 20, codename: 'focal' } },
    'ubuntu 20.04 is too old',
  ],
  [
    // Its systemctl knows no --timestamp: the first service would fail with a question that has no answer.
    'old, though it is RHEL',
    quiet,
    { os: { family: 'rhel', id: 'rocky', version: '8.10', major: 8, codename: undefined } },
    'rocky 8.10 is too old',
  ],
  [
    'old, unknown name',
    quiet,
    { os: { family: 'rhel', id: 'nobara', version: '7', major: 7, codename: undefined } },
    'nobara 7 is too old',
  ],
  ['no systemd', quiet, { systemd: undefined }, 'systemd does not run here'],
  ['no tools', `${quiet}missing ss\n`, {}, 'ss missing'],
  ['clock ahead', quiet, { clockSkew: 6000 }, "the clock is 6.0 s ahead of the controller's"],
  ['clock behind', quiet, { clockSkew: -90_500 }, "the clock is 90.5 s behind the controller's"],
  [
    'not its address',
    quiet,
    { interfaces: [{ name: 'lo', mac: undefined, addresses: ['127.0.0.1/8'] }] },
    'it has no address 10.0.0.11, but none at all',
  ],
  [
    'a route',
    `${quiet}route 10.244.0.0/14 dev vpn0 scope link\n`,
    {},
    'podSubnet 10.244.0.0/16 overlaps with the route to 10.244.0.0/14 (vpn0)',
  ],
  [
    'a host route',
    `${quiet}route 10.96.0.10 via 10.0.0.1\n`,
    {},
    'serviceSubnet 10.96.0.0/16 overlaps with the route to 10.96.0.10/32 (no device)',
  ],
  ['a name server', `${quiet}dns 10.96.0.53\n`, {}, 'serviceSubnet 10.96.0.0/16 holds the name server 10.96.0.53'],
  [
    'a port',
    `${quiet}listen tcp LISTEN 0 1 *:6443 *:* users:(("nc",pid=1,fd=3))\n`,
    {},
    'port 6443 is held by nc, kube-apiserver needs it',
  ],
  [
    'a port of Calico',
    `${quiet}listen tcp LISTEN 0 1 *:179 *:* users:(("bgpd",pid=1,fd=3))\n`,
    {},
    'port 179 is held by bgpd, bird needs it',
  ],
  [
    'a port of keepalived’s question',
    `${quiet}listen tcp LISTEN 0 1 *:8404 *:* users:(("python3",pid=1,fd=3))\n`,
    {},
    'port 8404 is held by python3, haproxy needs it',
  ],
  [
    'a proxy for everything',
    `${quiet}proxy localhost,127.0.0.1,10.0.0.240\n`,
    {},
    'https_proxy is set for root, and no_proxy does not hold 10.0.0.11, 10.0.0.21',
  ],
  [
    'a proxy without exceptions',
    `${quiet}proxy \n`,
    {},
    'https_proxy is set for root, and no_proxy does not hold 10.0.0.240, 10.0.0.11, 10.0.0.21',
  ],
  [
    'a node under another name',
    `${quiet}joined yes\n${certificateOf('old')}`,
    {},
    'it is the Node old of a cluster, and the inventory calls it mn01',
  ],
  ['the same machine-id', quiet, { machineId: 'f'.repeat(32) }, 'its machine-id is that of wn01'],
  [
    'the same MAC',
    quiet,
    { interfaces: [{ name: 'eth0', mac: '02:00:00:00:00:02', addresses: ['10.0.0.11/24'] }] },
    'its MAC address 02:00:00:00:00:02 is that of wn01',
  ],
  [
    'the VIP taken',
    quiet.replace('vip no', 'vip yes'),
    {},
    'the virtual address 10.0.0.240 answers, and no host of the inventory has it',
  ],
])('refused: %s', async (_name, answer, but, message) => {
  const { error } = await go(answer, { facts: factsOf('debian', but) });
  expect(error?.code).toBe('Refused');
  expect(error?.message).toBe(message);
  expect(error?.details.mend).toBeTruthy();
});

test('not a fault: half of the Internet through a VPN, IPv6 name servers, an owner that nobody knows', async () => {
  const answer = `${quiet}route 0.0.0.0/1 dev tun0\ndns fd00::1\nlisten tcp LISTEN 0 1 *:6443 *:*\n`;
  expect((await go(answer)).error).toBeUndefined();
  expect((await run(preflight({ ...cluster, podSubnet: 'fd00::/48' }), { answer, other })).error).toBeUndefined();
});

test('not a fault: a VIP that one of ours got after its facts were read', async () => {
  const answers = quiet.replace('vip no', 'vip yes');
  const holding = (script: string): string => (/addr show to 10\.0\.0\.240/.test(script) ? 'yes\n' : answers);
  expect((await go(holding)).error).toBeUndefined();
  const gone = (script: string): string => (/^sleep 1$/m.test(script) ? 'vip no\n' : answers);
  expect((await go(gone)).error).toBeUndefined();
});

test('not a fault: a node with a full disk and its own name, a proxy with exceptions', async () => {
  const full = quiet.replaceAll('90000000', '1000000');
  expect((await go(full)).error?.message).toBe('2 things are wrong with this host');
  expect((await go(`${full}joined yes\n${certificateOf('mn01')}`)).error).toBeUndefined();
  expect((await go(`${full}joined yes\n`)).error).toBeUndefined();
  for (const exceptions of ['*', '10.0.0.0/8 localhost', '10.0.0.11,10.0.0.21:443,10.0.0.240']) {
    expect((await go(`${quiet}proxy ${exceptions}\n`)).error).toBeUndefined();
  }
});

describe('product_uuid', () => {
  const uuid = { productUuid: '4c4c4544-0051-3610-8052-b4c04f4d4d32' };
  test('counts on machines', async () => {
    const { error } = await go(quiet, { facts: factsOf('debian', uuid), other: { ...other, ...uuid } });
    expect(error?.message).toBe('its product_uuid is that of wn01');
  });
  test('not in containers', async () => {
    const facts = factsOf('debian', { ...uuid, container: 'podman' });
    expect((await go(quiet, { facts, other: { ...other, ...uuid } })).error).toBeUndefined();
  });
  test('not of boards that have none', async () => {
    for (const productUuid of ['03000200-0400-0500-0006-000700080009', 'ffffffff-ffff-ffff-ffff-ffffffffffff']) {
      const facts = factsOf('debian', { productUuid });
      expect((await go(quiet, { facts, other: { ...other, productUuid } })).error).toBeUndefined();
    }
  });
  test('bridges, pods and management boards have MACs that are not their own', async () => {
    const shared = [
      { name: 'cali1', mac: 'ee:ee:ee:ee:ee:ee', addresses: [] },
      { name: 'docker0', mac: '02:42:00:00:00:01', addresses: [] },
      { name: 'enxbe3af2b6059f', mac: 'be:3a:f2:b6:05:9f', addresses: ['169.254.3.1/24'] },
      { name: 'eth0', mac: undefined, addresses: ['10.0.0.11/24'] },
    ];
    const facts = factsOf('debian', { interfaces: shared });
    expect((await go(quiet, { facts, other: { ...other, interfaces: shared } })).error).toBeUndefined();
  });
});

test('all that is wrong is said at once, each with its mend', async () => {
  const { error } = await go(quiet, { facts: factsOf('debian', { cpus: 1, systemd: undefined }) });
  expect(error?.message).toBe('2 things are wrong with this host');
  expect(error?.details.said).toBe(`1 CPUs, 2 are needed
  → give the machine more, or lower preflight's minimum
systemd does not run here
  → boot with systemd: services are its units`);
});

test('workers need less and fewer ports, and do not ask for the VIP', async () => {
  const answer = quiet.replace('vip no\n', 'listen tcp LISTEN 0 1 *:6443 *:* users:(("nc",pid=1,fd=3))\n');
  const facts = factsOf('debian', { cpus: 1, memory: 1024 });
  expect((await run(preflight(subnets), { answer, facts, other })).error).toBeUndefined();
  const small = await run(preflight(subnets), { answer, facts: factsOf('debian', { memory: 512 }), other });
  expect(small.error?.details.mend).toContain('workerMinimum');
});

test.each([
  ['a control plane with a stacked etcd', { controlPlane: true }, '2379', true],
  ['a control plane without a member', { controlPlane: true, etcd: false }, '2379', false],
  ['a worker with a member', { etcd: true }, '2380', true],
  ['a host that only runs etcd', { node: false, etcd: true }, '2379', true],
  ['a host that only runs etcd: a kubelet is not expected there', { node: false, etcd: true }, '10250', false],
])('ports of %s', async (_, vars, port, isNeeded) => {
  const answer = `${quiet}listen tcp LISTEN 0 1 *:${port} *:* users:(("nc",pid=1,fd=3))\n`;
  const { error } = await run(preflight({ ...subnets, ...vars }), { answer, facts: factsOf('debian'), other });
  expect(error?.message).toBe(isNeeded ? `port ${port} is held by nc, etcd needs it` : undefined);
});

test('what is only noted', async () => {
  const answer = `${quiet.replace('vip no', 'vip yes')}swap /dev/sda2 partition 1 0 -2\n`;
  const { notes, error } = await run(preflight(cluster), { answer });
  expect(error).toBeUndefined();
  expect(notes).toEqual([
    'swap is active (/dev/sda2); the role swap turns it off',
    'not compared with wn01: not reachable',
  ]);
  const alike = await go(quiet, { other: { ...other, hostname: 'mn01' } });
  expect(alike.notes).toEqual(['is called mn01, as is wn01; the role hostname renames it']);
});

test('routes that are no cluster’s', () => {
  const lines = [
    'unicast 10.1.0.0/16 dev eth1 scope link',
    'default dev eth0',
    '10.2.0.1 via 10.0.0.1 dev eth0',
    '10.9.0.0/16 dev eth0 proto 80',
    'free odd',
    'listen odd',
  ];
  const seen = parseWitness(lines.map((line) => (line.includes(' odd') ? line : `route ${line}`)).join('\n'));
  expect(seen).toMatchObject({ free: [], listeners: [], vipAnswers: undefined });
  expect(seen.routes).toEqual([
    { to: '10.1.0.0/16', via: 'eth1' },
    { to: '10.2.0.1/32', via: 'eth0' },
  ]);
});

describe.each(shells)('the question, in %s', (shell) => {
  test('about a machine of known state', async () => {
    const it = await sandbox({ mounted: { '/proc/swaps': 'Filename\tType\n/dev/sda2 partition 1 0 -2\n' } });
    await it.put('/etc/resolv.conf', '# x\nnameserver  10.0.0.1\nnameserver\tfd00::1\n');
    await it.standIn(
      'ss',
      'echo "tcp LISTEN 0 1 [::ffff:127.0.0.1]:10250 *:* users:((\\"kubelet\\",pid=1,fd=2),(\\"sh\\",pid=2,fd=2))"; echo odd',
    );
    await it.standIn('ping', 'exit 1');
    await it.put('/etc/kubernetes/kubelet.conf', '');
    const pem = '-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n';
    const key = '-----BEGIN EC PRIVATE KEY-----\nSECRET\n-----END EC PRIVATE KEY-----\n';
    await it.put('/var/lib/kubelet/pki/kubelet-client-current.pem', `${pem}${key}`);
    const proxied = { ...it.surroundings, env: { ...it.surroundings.env, https_proxy: 'http://p', no_proxy: 'a,b' } };
    const said = (await runOn(shell, witness('10.0.0.240').script, proxied)).stdout.toString();
    expect(said).not.toContain('SECRET');
    const seen = parseWitness(said);
    expect(seen).toMatchObject({
      listeners: [{ protocol: 'tcp', address: '[::ffff:127.0.0.1]', port: 10250, owners: ['kubelet', 'sh'] }],
      dns: ['10.0.0.1', 'fd00::1'],
      swaps: ['/dev/sda2'],
      missing: [],
      joined: true,
      certificate: pem.trim(),
      noProxy: 'a,b',
    });
    expect(seen.free.map(({ path }) => path)).toEqual(['/var/lib/containerd', '/var/lib/kubelet']);
    expect(seen.free.every(({ mib }) => mib > 0)).toBe(true);
  });
  test('about this machine', async () => {
    const { code, stdout } = await runOn(shell, witness(undefined).script);
    expect(code).toBe(0);
    expect(parseWitness(stdout.toString()).vipAnswers).toBeUndefined();
  });
});
