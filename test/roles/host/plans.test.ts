import { describe, expect, test } from 'vitest';
import { chrony } from '../../../roles/chrony/index.ts';
import { firewalld } from '../../../roles/firewalld/index.ts';
import { openings, serviceXml } from '../../../roles/firewalld/openings.ts';
import { firewalldVars } from '../../../roles/firewalld/vars.ts';
import { hostname } from '../../../roles/hostname/index.ts';
import { selinux } from '../../../roles/selinux/index.ts';
import { swap } from '../../../roles/swap/index.ts';
import { sysctl } from '../../../roles/sysctl/index.ts';
import { factsOf, inventory, mn01, resourcesOf, run, wishes } from './run-role.ts';

const rhel = factsOf('rhel');
const debian = factsOf('debian');
const nothingSeen = { changed: () => false };

/** What a file, or a block, would be made to hold on a host that has none. */
async function contentOf(wished: ReturnType<typeof resourcesOf>, id: string, empty = 'absent\n'): Promise<string> {
  const resource = (await wished).find((each) => each.id === id);
  const [change] = resource?.diff(resource.probe.parse(Buffer.from(empty)), nothingSeen) ?? [];
  return change?.text?.after ?? '';
}

describe('chrony', () => {
  const step = chrony({ pools: ['pool.example'], servers: ['10.0.0.1'], timezone: 'Asia/Shanghai', waitForSync: 60 });
  test.each([
    ['rhel' as const, '/etc/chrony.conf', 'chronyd.service'],
    ['debian' as const, '/etc/chrony/chrony.conf', 'chrony.service'],
  ])('on %s', async (family, conf, unit) => {
    expect(await wishes(step, factsOf(family))).toEqual([
      'service systemd-timesyncd.service',
      'pkg chrony tzdata',
      'timezone Asia/Shanghai',
      `file ${conf}`,
      `service ${unit}`,
      'gate the clock is synchronised',
    ]);
    expect(await contentOf(resourcesOf(step, factsOf(family)), conf)).toMatchSnapshot();
  });
  test('in a container the clock is never set; served when asked', async () => {
    const facts = factsOf('debian', { container: 'podman' });
    const serving = chrony({ servers: ['10.0.0.1'], allow: ['10.0.0.0/24'] });
    expect(await wishes(serving, facts)).toEqual([
      'service systemd-timesyncd.service',
      'pkg chrony tzdata',
      'file /etc/chrony/chrony.conf',
      'unit chrony.service.d/konverge-container.conf',
      'service chrony.service',
    ]);
    const content = await contentOf(resourcesOf(serving, facts), '/etc/chrony/chrony.conf');
    expect(content).toContain('\nlocal stratum 10 orphan\nallow 10.0.0.0/24\n');
    expect(content).not.toContain('rtcsync');
  });
  test('no server is refused', () => {
    expect(() => chrony({}).prepare(mn01, inventory)).toThrow('names no time server');
  });
});

describe('firewalld', () => {
  test('off', async () => {
    expect(await wishes(firewalld({}), rhel)).toEqual(['service firewalld.service', 'service ufw.service']);
  });
  test('rules', async () => {
    const step = firewalld({ mode: 'rules', podSubnet: '10.244.0.0/16' });
    expect(await wishes(step, rhel)).toEqual([
      'pkg firewalld',
      'file /etc/firewalld/services/konverge.xml',
      'service firewalld.service',
      'command firewalld lets the cluster through',
    ]);
  });
  test('rules need the pod subnet', () => {
    expect(() => firewalld({ mode: 'rules' }).prepare(mn01, inventory)).toThrow('podSubnet is needed');
  });
  test.each([
    [
      { controlPlane: true, timeServer: true, extra: ['9100/tcp'] },
      '179/tcp ipencap 5473/tcp 9098/tcp 6443/tcp 8443/tcp 10257/tcp 10259/tcp vrrp 2379/tcp 2380/tcp 123/udp 9100/tcp',
    ],
    [{ calico: 'vxlan' as const, typha: false }, '4789/udp'],
    [{ calico: 'none' as const }, ''],
    [{ calico: 'none' as const, controlPlane: true, etcd: false }, '6443/tcp 8443/tcp 10257/tcp 10259/tcp vrrp'],
    [{ calico: 'none' as const, etcd: true }, '2379/tcp 2380/tcp'],
  ])('%o', (vars, more) => {
    const what = openings(firewalldVars.parse(vars)).map((each) => each.what);
    expect(what.join(' ')).toBe(`10250/tcp 10256/tcp 30000-32767/tcp 30000-32767/udp ${more}`.trim());
  });
  test('a host that only runs etcd', () => {
    const vars = firewalldVars.parse({ node: false, etcd: true });
    expect(openings(vars).map(({ what }) => what)).toEqual(['2379/tcp', '2380/tcp']);
  });
  test('without NodePorts, as a service of firewalld', () => {
    const vars = firewalldVars.parse({ calico: 'ipip', typha: false, nodePorts: false });
    expect(serviceXml(openings(vars))).toContain(`  <port port="10250" protocol="tcp"/> <!-- kubelet -->
  <port port="10256" protocol="tcp"/> <!-- kube-proxy health, asked by load balancers -->
  <port port="179" protocol="tcp"/> <!-- Calico BGP -->
  <protocol value="ipencap"/> <!-- Calico IPIP -->
</service>
`);
  });
  test('a port that is none does not parse', () => {
    expect(firewalldVars.safeParse({ extra: ['ssh'] }).success).toBe(false);
  });
});

describe('selinux', () => {
  test.each([
    ['enforcing', ['line /etc/selinux/config: SELINUX=permissive', 'command setenforce 0']],
    ['permissive', ['line /etc/selinux/config: SELINUX=permissive', 'command setenforce 0']],
    ['disabled', []],
    ['absent', []],
  ] as const)('%s', async (is, expected) => {
    expect(await wishes(selinux({}), factsOf('rhel', { selinux: is }))).toEqual(expected);
  });
  test('enforcing is left as it is, and a surprise is said', async () => {
    const step = selinux({ mode: 'enforcing' });
    expect(await run(step, { answer: '', facts: rhel })).toEqual({ resources: [], notes: [], error: undefined });
    const off = await run(step, { answer: '', facts: factsOf('rhel', { selinux: 'disabled' }) });
    expect(off.notes).toEqual(['SELinux is disabled here, although enforcing is expected']);
  });
});

test('swap', async () => {
  expect(await wishes(swap({}), debian)).toEqual(['swapOff swap']);
});

describe('hostname', () => {
  test('the name, the block', async () => {
    const step = hostname({ endpoint: { name: 'api.example', vip: '10.0.0.240' } });
    expect(await wishes(step, debian)).toEqual([
      'conflicts /etc/hosts: api.example',
      'hostname mn01',
      'command mn01 is not on a loopback address',
      'block /etc/hosts: cluster',
      'command cloud-init keeps name and hosts',
    ]);
    expect(await contentOf(resourcesOf(step, debian), '/etc/hosts: cluster')).toBe(`# BEGIN cluster (konverge)
10.0.0.11 mn01
10.0.0.21 wn01
10.0.0.240 api.example
# END cluster (konverge)
`);
  });
  test('without a name for the API', async () => {
    expect(await contentOf(resourcesOf(hostname({}), debian), '/etc/hosts: cluster')).not.toContain('10.0.0.240');
  });
});

describe('sysctl', () => {
  const step = sysctl({ modules: ['overlay'], settings: { 'vm.swappiness': 0, 'net/ipv4/ip_forward': 1 } });
  const first = ['kernelModule overlay', 'sysctls 99-zz-konverge.conf'];
  const names = (all: readonly { kind: string; id: string }[]): readonly string[] =>
    all.map(({ kind, id }) => `${kind} ${id}`);

  test('without NetworkManager; what cannot be set is said', async () => {
    const outs = { sysctls: { notSettable: ['vm.swappiness: read-only here'] } };
    const { resources, notes } = await run(step, { answer: 'none\n', outs });
    expect(names(resources)).toEqual(first);
    expect(notes).toEqual(['not settable here: vm.swappiness: read-only here']);
  });
  test('with NetworkManager', async () => {
    const { resources } = await run(step, { answer: 'networkmanager\n' });
    expect(names(resources)).toEqual([
      ...first,
      'file /etc/NetworkManager/conf.d/90-konverge.conf',
      'service nm-cloud-setup.timer',
      'service nm-cloud-setup.service',
      'service NetworkManager',
    ]);
    const [, , file] = resources;
    const text = file?.diff({ type: 'absent' }, nothingSeen)[0]?.text?.after;
    expect(text).toContain('unmanaged-devices+=interface-name:cali*;');
    const left = sysctl({ settings: {}, networkManager: 'leave' });
    expect(names((await run(left, { answer: 'networkmanager\n' })).resources)).toEqual([
      'kernelModule overlay br_netfilter nf_conntrack',
      'sysctls 99-zz-konverge.conf',
    ]);
  });
  test('a file that has the last word at boot', async () => {
    // /etc/sysctl.conf, as the distributions link it, comes before ours.
    const answer = `none
/etc/sysctl.d/99-sysctl.conf:vm.swappiness = 60
/etc/sysctl.d/99-zzz.conf:# vm.swappiness = 1
/etc/sysctl.d/99-zzz.conf:vm.swappiness = 60
/etc/sysctl.d/99-zzz.conf:net.ipv4.ip_forward=1
/etc/sysctl.d/zz.conf:-net/ipv4/ip_forward = 0
/etc/sysctl.d/zz.conf:vm.other = 0
`;
    expect((await run(step, { answer })).notes).toEqual([
      '/etc/sysctl.d/99-zzz.conf sets vm.swappiness = 60 after us at boot (wished 0): remove that line',
      '/etc/sysctl.d/zz.conf sets net.ipv4.ip_forward = 0 after us at boot (wished 1): remove that line',
    ]);
  });
  test('a value that the kernel would cut short stops the run', async () => {
    await expect(wishes(sysctl({ settings: { 'vm.swappiness': '1 x' } }), debian)).rejects.toMatchObject({
      code: 'BadInput',
    });
  });
});
