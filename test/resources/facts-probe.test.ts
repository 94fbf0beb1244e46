import { mkdir, symlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { osOf, parseOsRelease } from '../../lib/resources/facts-os.ts';
import { factsProbe, parseFacts } from '../../lib/resources/facts-probe.ts';
import { lines, sh } from '../../lib/sh.ts';
import { runOn, shells, tempFolder } from './harness.ts';
import { sandbox } from './sandbox.ts';

const rocky = `#os
NAME="Rocky Linux"
VERSION="9.3 (Blue Onyx)"
ID="rocky"
ID_LIKE="rhel centos fedora"
VERSION_ID="9.3"
PRETTY_NAME="Rocky Linux 9.3 (Blue Onyx)"
#uname
k8s-mn01 5.14.0-362.8.1.el9_3.x86_64 x86_64
#cpus
4
#memory
MemTotal:        7901234 kB
#machine-id
5f1e0b1c2d3e4f5a6b7c8d9e0f1a2b3c
#product-uuid
4C4C4544-0042-3510-8052-B4C04F4E3732
#link
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN mode DEFAULT group default qlen 1000\\    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
2: ens33: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc fq_codel state UP mode DEFAULT group default qlen 1000\\    link/ether 00:0c:29:aa:bb:cc brd ff:ff:ff:ff:ff:ff\\    altname enp2s1
5: tunl0@NONE: <NOARP> mtu 1480 qdisc noop state DOWN mode DEFAULT group default qlen 1000\\    link/ipip 0.0.0.0 brd 0.0.0.0
something else
#addr
1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever
2: ens33    inet 192.168.10.11/24 brd 192.168.10.255 scope global noprefixroute ens33\\       valid_lft forever
2: ens33    inet 192.168.10.240/24 scope global secondary ens33\\       valid_lft forever
5: tunl0    inet 10.244.1.1 peer 10.244.1.2/32 scope global tunl0\\       valid_lft forever
5: tunl0    inet 10.244.1.3/32 scope global tunl0
6: gone    inet 10.9.9.9 scope global gone
something else
#route
default via 192.168.10.2 dev ens33 proto static metric 100
default via 192.168.20.2 dev ens34 proto dhcp metric 50
192.168.10.0/24 dev ens33 proto kernel scope link src 192.168.10.11 metric 100
blackhole 10.244.1.0/26 proto 80
10.244.2.7 dev cali12345 scope link
#route6
fd00:1::/64 dev ens33 proto kernel metric 256 pref medium
fd00:2::1 dev ens33 metric 1
fe80::/64 dev ens33 proto kernel metric 256 pref medium
default via fe80::1 dev ens33
#container
none
#systemd
systemd 252 (252-18.el9)
#selinux
1
configured
#clock
1700000000.500000000
1700000000.540000000
`;
const asked = { sentAt: 1_700_000_000_000, receivedAt: 1_700_000_000_140 };
const facts = (text: string) => parseFacts(Buffer.from(text), asked);

test('reads a Rocky host', () => {
  expect(facts(rocky)).toEqual({
    os: { family: 'rhel', id: 'rocky', version: '9.3', major: 9, codename: undefined },
    arch: 'amd64',
    kernel: '5.14.0-362.8.1.el9_3.x86_64',
    hostname: 'k8s-mn01',
    machineId: '5f1e0b1c2d3e4f5a6b7c8d9e0f1a2b3c',
    productUuid: '4c4c4544-0042-3510-8052-b4c04f4e3732',
    cpus: 4,
    memory: 7716,
    interfaces: [
      { name: 'lo', mac: undefined, addresses: ['127.0.0.1/8'] },
      { name: 'ens33', mac: '00:0c:29:aa:bb:cc', addresses: ['192.168.10.11/24', '192.168.10.240/24'] },
      { name: 'tunl0', mac: undefined, addresses: ['10.244.1.1/32', '10.244.1.3/32'] },
    ],
    routes: ['192.168.10.0/24', '10.244.1.0/26', '10.244.2.7/32', 'fd00:1::/64', 'fd00:2::1/128'],
    defaultInterface: 'ens34',
    container: undefined,
    systemd: 252,
    selinux: 'enforcing',
    clockSkew: 450,
  });
});

describe('what differs from host to host', () => {
  test.each([
    ['#selinux\n0', 'permissive'],
    ['#selinux\n0\nconfigured', 'permissive'],
    ['#selinux\nconfigured', 'disabled'],
    ['#selinux', 'absent'],
  ])('%j', (section, selinux) =>
    expect(facts(rocky.replace('#selinux\n1\nconfigured', section)).selinux).toBe(selinux),
  );

  test('containers, no systemd, no product uuid, arm64', () => {
    const text = rocky
      .replace('none', 'podman')
      .replace('systemd 252 (252-18.el9)\n', '')
      .replace(/#product-uuid\n.*/, '#product-uuid')
      .replace(/#machine-id\n.*/, '#machine-id')
      .replace('x86_64\n', 'aarch64\n');
    expect(facts(text)).toMatchObject({
      container: 'podman',
      systemd: undefined,
      productUuid: undefined,
      machineId: '',
      arch: 'arm64',
    });
  });

  test('a busybox clock has whole seconds: the middle of the second is assumed', () => {
    const text = rocky.replace(/#clock[^]*/, '#clock\n1700000003.%N\n1700000003.\n');
    expect(facts(text).clockSkew).toBe(3430);
  });

  test('refuses what nothing here is made for', () => {
    expect(() => facts(rocky.replace('x86_64\n', 'riscv64\n'))).toThrow("this host's processor is riscv64");
    expect(() => osOf('ID=alpine\nPRETTY_NAME="Alpine Linux v3.20"')).toThrow('this host runs Alpine Linux v3.20');
    expect(() => osOf('')).toThrow('this host runs linux');
    expect(() => facts('')).toThrow('this host runs linux');
  });
});

test('os-release: quotes, escapes, comments', () => {
  const text = `# a comment\nID=debian\nNAME='Debian GNU/Linux'\nQUOTED="a \\"b\\" \\$c"\n\nlower=no\nEMPTY=\n`;
  expect(Object.fromEntries(parseOsRelease(text))).toEqual({
    ID: 'debian',
    NAME: 'Debian GNU/Linux',
    QUOTED: 'a "b" $c',
    EMPTY: '',
  });
  expect(osOf('ID=ubuntu\nID_LIKE=debian\nVERSION_ID="22.04"\nVERSION_CODENAME=jammy')).toEqual({
    family: 'debian',
    id: 'ubuntu',
    version: '22.04',
    major: 22,
    codename: 'jammy',
  });
});

const withoutIp = `#proc-macs
lo 00:00:00:00:00:00
eth0 02:fc:00:00:00:01
dummy0 0e:1a:a6:a9:1f:66
#proc-route
Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
eth0	00000000	010A000A	0003	0	0	0	00000000	0	0	0
eth0	000A000A	00000000	0001	0	0	0	00FFFFFF	0	0	0
eth0	0000A8C0	020A000A	0003	0	0	0	0000FFFF	0	0	0
#proc-fib
Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
     |-- 10.0.10.0
        /24 link UNICAST
     |-- 10.0.10.7
        /32 host LOCAL
     |-- 10.0.10.255
        /32 link BROADCAST
     |-- 127.0.0.1
        /32 host LOCAL
Local:
     |-- 10.0.10.7
        /32 host LOCAL
     |-- 203.0.113.9
        /32 host LOCAL
`;

test('without iproute2 the tables of the kernel say the same', () => {
  const text = rocky.replace(/#link[^]*#container/, `${withoutIp}#container`);
  expect(facts(text)).toMatchObject({
    interfaces: [
      { name: 'lo', mac: undefined, addresses: ['127.0.0.1/8'] },
      { name: 'eth0', mac: '02:fc:00:00:00:01', addresses: ['10.0.10.7/24'] },
      { name: 'dummy0', mac: '0e:1a:a6:a9:1f:66', addresses: [] },
    ],
    routes: ['10.0.10.0/24', '192.168.0.0/16'],
    defaultInterface: 'eth0',
  });
});

describe.each(shells)('really asked, %s', (shell) => {
  test('knows this machine', async () => {
    const result = await runOn(shell, factsProbe.script);
    expect(result.code).toBe(0);
    const found = factsProbe.parse(result.stdout);
    expect(found.hostname).toBe(hostname());
    expect(Math.abs(found.clockSkew)).toBeLessThan(5000);
    expect(found.interfaces.find(({ name }) => name === 'lo')?.addresses).toContain('127.0.0.1/8');
    expect(found.memory).toBeGreaterThan(100);
    expect(found.cpus).toBeGreaterThan(0);
  });

  test('reads files that end without a newline, as those of SELinux do', async () => {
    const it = await sandbox();
    await it.put('/etc/machine-id', 'f'.repeat(32));
    await it.put('/etc/os-release', 'ID=rocky\nVERSION_ID=9.3');
    const { stdout } = await runOn(shell, factsProbe.script, it.surroundings);
    const { machineId, os } = factsProbe.parse(stdout);
    expect([machineId, os.id, os.version]).toEqual(['f'.repeat(32), 'rocky', '9.3']);
  });

  test('finds the same IPv4 network when there is no ip(8)', async () => {
    // busybox has an `ip` of its own, which no PATH hides.
    if (shell === 'busybox sh') return;
    const tools = join(await tempFolder(), 'bin');
    await mkdir(tools);
    for (const tool of ['cat', 'grep', 'uname', 'date', 'nproc', 'tr', 'sed'])
      await symlink(`/usr/bin/${tool}`, join(tools, tool));
    const [withIp, without] = await Promise.all([
      runOn(shell, factsProbe.script),
      runOn(shell, lines(sh`PATH=${tools}`, factsProbe.script)),
    ]);
    const usual = factsProbe.parse(withIp.stdout);
    const bare = factsProbe.parse(without.stdout);
    expect(bare.defaultInterface).toBe(usual.defaultInterface);
    expect(bare.routes).toEqual(expect.arrayContaining(usual.routes.filter((route) => !route.includes(':'))));
    const address = (found: typeof usual) =>
      found.interfaces
        .find(({ name }) => name === found.defaultInterface)
        ?.addresses.filter((each) => !each.includes(':'));
    expect(address(bare)).toEqual(address(usual));
  });
});
