import { release } from 'node:os';
import { describe, expect, test } from 'vitest';
import { kernelModule } from '../../lib/resources/kernel-module.ts';
import { converge, nothingChanged, probeOn, shells } from './harness.ts';
import { sandbox } from './sandbox.ts';

const modules = ['overlay', 'br-netfilter', 'sctp_diag'];

// busybox sh runs its own modprobe, never the stand-in.
describe.each(shells.filter((each) => each !== 'busybox sh'))('in %s', (shell) => {
  test('loaded once, named in one file, quiet afterwards', async () => {
    const it = await sandbox({ folders: ['/sys/module', '/proc/sys'] });
    await it.put('/sys/module/overlay/refcnt', '0');
    await it.put('/proc/sys/net/bridge/bridge-nf-call-iptables', '1');
    await it.standIn('modprobe', 'mkdir -p /sys/module/"$2"');
    const wish = kernelModule(modules, { persist: 'k8s' });
    expect(await converge(shell, wish, it.surroundings)).toMatchObject([
      { path: 'sctp_diag', from: 'not loaded', to: 'loaded' },
      { path: 'file' },
    ]);
    expect(await it.get('/etc/modules-load.d/k8s.conf')).toBe('overlay\nbr-netfilter\nsctp_diag\n');
    expect(await converge(shell, wish, it.surroundings)).toEqual([]);
    expect(await converge(shell, kernelModule('sctp_diag'), it.surroundings)).toEqual([]);
    expect(await converge(shell, kernelModule('other'), it.surroundings)).toHaveLength(1);
  });

  test('only its file is missing: nothing is loaded', async () => {
    const it = await sandbox({ folders: ['/sys/module'] });
    await it.put('/sys/module/sctp/refcnt', '0');
    await it.standIn('modprobe', 'exit 9');
    expect(await converge(shell, kernelModule('sctp', { persist: 'sctp' }), it.surroundings)).toMatchObject([
      { path: 'file' },
    ]);
  });

  test('what cannot be loaded is an error that says where to look', async () => {
    const it = await sandbox({ folders: ['/sys/module'] });
    await it.standIn('modprobe', 'echo "FATAL: Module $2 not found" >&2; exit 1');
    await expect(converge(shell, kernelModule(['sctp']), it.surroundings)).rejects.toMatchObject({
      message: 'the kernel modules sctp cannot all be loaded',
      details: { said: 'FATAL: Module sctp not found', mend: expect.stringContaining('in a container') },
    });
  });
});

describe.each(shells)('in %s', (shell) => {
  test('built into the kernel, spelt either way', async () => {
    const it = await sandbox({ folders: ['/sys/module', '/proc/sys'], layers: ['/usr/lib'] });
    await it.put(
      `/usr/lib/modules/${release()}/modules.builtin`,
      'kernel/net/bridge/br_netfilter.ko\nkernel/fs/overlayfs/overlay-x.ko\n',
    );
    const missing = async (name: string): Promise<readonly string[]> =>
      (await probeOn(shell, kernelModule(name), it.surroundings)).missing;
    expect(await missing('br-netfilter')).toEqual([]);
    expect(await missing('overlay_x')).toEqual([]);
    expect(await missing('netfilter')).toEqual(['netfilter']);
  });
});

test('the list is evidence; without a list there is none', () => {
  expect(kernelModule(modules, { persist: 'k8s' }).evidence?.paths).toEqual(['/etc/modules-load.d/k8s.conf']);
  expect(kernelModule('overlay').evidence).toBeUndefined();
  expect(kernelModule(modules).id).toBe('overlay br-netfilter sctp_diag');
  expect(kernelModule('overlay').diff({ file: { type: 'absent' }, missing: [] }, nothingChanged)).toEqual([]);
});

test.each([['a b'], ['../x'], ['-r']])('refused: %s', (name) => {
  expect(() => kernelModule(name)).toThrow(expect.objectContaining({ code: 'BadInput' }));
  expect(() => kernelModule('overlay', { persist: name })).toThrow(expect.objectContaining({ code: 'BadInput' }));
});
