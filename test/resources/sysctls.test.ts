import { describe, expect, test } from 'vitest';
import type { Resource } from '../../lib/resources/contract.ts';
import { sysctlText, sysctlWishes, tokens } from '../../lib/resources/sysctl-values.ts';
import { type SysctlState, sysctls } from '../../lib/resources/sysctls.ts';
import { converge, localWriter, nothingChanged, probeOn, shells } from './harness.ts';
import { type Sandbox, sandbox } from './sandbox.ts';

describe('keys and values', () => {
  test('what resets others comes first, the rest keeps its order', () => {
    const wishes = sysctlWishes({ 'net.ipv4.conf.all.rp_filter': 0, 'net.ipv4.ip_forward': 1, 'vm.swappiness': '0' });
    expect(sysctlText(wishes)).toBe('net.ipv4.ip_forward = 1\nnet.ipv4.conf.all.rp_filter = 0\nvm.swappiness = 0\n');
  });
  test.each([
    ['net.ipv4.ip_forward', 'net/ipv4/ip_forward'],
    ['net/ipv4/conf/eth0.1/rp_filter', 'net/ipv4/conf/eth0.1/rp_filter'],
    ['net.ipv4.conf.eth0/1.rp_filter', 'net/ipv4/conf/eth0.1/rp_filter'],
  ])('%s is %s', (key, path) => {
    expect(sysctlWishes({ [key]: 1 })[0]?.path).toBe(path);
  });
  test('blanks and tabs are one', () => {
    expect(tokens(' 4096\t 87380   16777216\n')).toBe('4096 87380 16777216');
  });
  test.each(['30000-32767,40000', 'bbr', '-1', '|/bin/core %p', '32768 60999', '0'])('accepted: %s', (value) => {
    expect(sysctlWishes({ 'a.b': value })[0]?.value).toBe(value);
  });
  test.each([
    ['a.b', '524288   。', 'only ASCII'],
    ['a.b', '524288 # many', 'not a number to its end'],
    ['a.b', '1x', 'not a number to its end'],
    ['a.b', ' ', 'there is no value'],
    ['a.b', 'é', 'only ASCII'],
    ['ab', '1', 'not the name'],
    ['a.*.b', '1', 'not the name'],
    ['../a.b', '1', 'not the name'],
  ])('refused: %s = %s', (key, value, why) => {
    expect(() => sysctls('99-x.conf', { [key]: value })).toThrow(why);
  });
  test.each(['x', '../x.conf', '.conf'])('not a file of sysctl.d: %s', (name) => {
    expect(() => sysctls(name, {})).toThrow(expect.objectContaining({ code: 'BadInput' }));
  });
});

const kernel: Readonly<Record<string, string>> = {
  'net/ipv4/ip_forward': '0\n',
  'net/ipv4/ip_local_port_range': '32768\t60999\n',
  'vm/swappiness': '60\n',
};

async function host(): Promise<Sandbox> {
  const it = await sandbox({ folders: ['/proc/sys'] });
  for (const [key, value] of Object.entries(kernel)) await it.put(`/proc/sys/${key}`, value);
  return it;
}

const keysOf = async (
  shell: (typeof shells)[number],
  wish: Resource<SysctlState, unknown>,
  it: Sandbox,
): Promise<readonly string[]> =>
  wish.diff(await probeOn(shell, wish, it.surroundings), nothingChanged).map(({ path }) => path);

describe.each(shells)('in %s', (shell) => {
  test('written, set, quiet afterwards; drift is put right without touching the file', async () => {
    const it = await host();
    const wish = sysctls('99-konverge.conf', { 'net.ipv4.ip_local_port_range': '32768 60999', 'vm.swappiness': 0 });
    expect(await converge(shell, wish, it.surroundings)).toMatchObject([
      { path: 'file' },
      { path: 'vm.swappiness', from: '60', to: '0' },
    ]);
    expect(await it.get('/etc/sysctl.d/99-konverge.conf')).toBe(
      'net.ipv4.ip_local_port_range = 32768 60999\nvm.swappiness = 0\n',
    );
    expect(await it.get('/proc/sys/vm/swappiness')).toBe('0\n');
    await it.put('/proc/sys/vm/swappiness', '10\n');
    expect(await converge(shell, wish, it.surroundings)).toEqual([{ path: 'vm.swappiness', from: '10', to: '0' }]);
    expect(await converge(shell, wish, it.surroundings)).toEqual([]);
    const wider = sysctls('99-konverge.conf', { 'net.ipv4.ip_local_port_range': '32768 60999' });
    expect(await converge(shell, wider, it.surroundings)).toMatchObject([{ path: 'content' }]);
  });

  test('a key that resets others: all are set', async () => {
    const it = await host();
    const wish = sysctls('99-x.conf', { 'vm.swappiness': 60, 'net.ipv4.ip_forward': 1, 'net.ipv4.absent': 1 });
    const now = await probeOn(shell, wish, it.surroundings);
    const writer = localWriter(shell, it.surroundings);
    const { notSettable } = await wish.apply(writer, wish.diff(now, nothingChanged), now);
    expect(writer.ran.some(({ text }) => text.includes("'60' >") || text.includes('60 >/proc/sys/vm/swappiness'))).toBe(
      true,
    );
    expect(notSettable).toEqual(['net.ipv4.absent = 1: the kernel has no such key']);
  });

  test('read-only here: in the file, never a change of its own', async () => {
    const it = await host();
    await it.put('/proc/sys/net/core/rmem_max', '212992\n', 0o444);
    const wish = sysctls('99-x.conf', { 'net.core.rmem_max': 16777216 });
    const now = await probeOn(shell, wish, it.surroundings);
    const changes = wish.diff(now, nothingChanged);
    expect(changes.map(({ path }) => path)).toEqual(['file']);
    expect(await wish.apply(localWriter(shell, it.surroundings), changes, now)).toEqual({
      notSettable: ['net.core.rmem_max: read-only here'],
    });
    expect(await keysOf(shell, wish, it)).toEqual([]);
  });

  test('a /proc/sys that is mounted read-only', async () => {
    const it = await sandbox({ folders: ['/proc/sys'], readOnly: '/proc/sys' });
    await it.put('/proc/sys/vm/swappiness', '60\n');
    expect(await keysOf(shell, sysctls('99-x.conf', { 'vm.swappiness': 0 }), it)).toEqual(['file']);
  });

  test('refused by the kernel, or unknown to it: tried once, recorded, tried again when there is reason to', async () => {
    const it = await host();
    await it.put('/var/lib/konverge/sysctl-unsettable', 'other.key=1 refused\nnet.nosuch.key=7 absent\n');
    // Writing to /dev/full fails as the kernel's own refusals do.
    const refusing = {
      ...it.surroundings,
      wrap: [
        ...(it.surroundings.wrap ?? []),
        'unshare',
        '--mount',
        'sh',
        '-c',
        'mount --bind /dev/full /proc/sys/vm/swappiness && exec "$@"',
        'sh',
      ],
    };
    const wish = sysctls('99-x.conf', { 'vm.swappiness': 999, 'net.nosuch.key': 1, 'vm.other.key': 2 });
    await converge(shell, sysctls('99-x.conf', { 'vm.swappiness': 60, 'net.nosuch.key': 1 }), it.surroundings);
    const now = await probeOn(shell, wish, it.surroundings);
    const changes = wish.diff(now, nothingChanged);
    expect(changes.map(({ path }) => path)).toEqual(['content', 'vm.swappiness', 'vm.other.key']);
    expect(await wish.apply(localWriter(shell, refusing), changes, now)).toEqual({
      notSettable: ['vm.swappiness = 999: the kernel refuses it here', 'vm.other.key = 2: the kernel has no such key'],
    });
    expect(await it.get('/var/lib/konverge/sysctl-unsettable')).toBe(
      'other.key=1 refused\nnet.nosuch.key=1 absent\nvm.swappiness=999 refused\nvm.other.key=2 absent\n',
    );
    expect(await keysOf(shell, wish, it)).toEqual([]);
    // Another value, and a key whose module has come: both are tried.
    await it.put('/proc/sys/net/nosuch/key', '0\n');
    const next = sysctls('99-x.conf', { 'vm.swappiness': 10, 'net.nosuch.key': 1, 'vm.other.key': 2 });
    expect(await keysOf(shell, next, it)).toEqual(['content', 'vm.swappiness', 'net.nosuch.key']);
  });
});

test('state of a key that was not asked is no change', () => {
  const wish = sysctls('99-x.conf', { 'vm.swappiness': 0 });
  const [first] = wish.diff({ file: { type: 'absent' }, live: new Map() }, nothingChanged);
  expect(first?.path).toBe('file');
  expect(wish.diff({ file: { type: 'absent' }, live: new Map() }, nothingChanged)).toHaveLength(1);
  expect(wish.evidence?.paths).toEqual(['/etc/sysctl.d/99-x.conf']);
});
