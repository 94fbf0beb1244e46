import { describe, expect, test } from 'vitest';
import { type MountPointOptions, type MountPointState, mountPoint } from '../../lib/resources/mount-point.ts';
import { lines, sh } from '../../lib/sh.ts';
import { localWriter, nothingChanged, probeOn, runOn, shells } from './harness.ts';
import { sandbox } from './sandbox.ts';

const xfs: MountPointOptions = { source: '/dev/sdb1', fstype: 'xfs', options: 'noatime,nofail' };
const entry = '/dev/sdb1 /data xfs noatime,nofail 0 0\n';
const mounted = { source: '/dev/sdb1', fstype: 'xfs', options: ['rw', 'noatime'] };

describe('what differs', () => {
  test.each<[string, MountPointOptions, Partial<MountPointState>, readonly unknown[]]>([
    ['all as wished', xfs, {}, []],
    ['not in fstab', xfs, { fstab: '' }, [{ path: '/etc/fstab', text: { before: '', after: entry } }]],
    ['not mounted', xfs, { mounted: undefined }, [{ path: 'mounted', to: '/dev/sdb1' }]],
    ['another device', xfs, { mounted: { ...mounted, source: '/dev/sdc1' } }, [{ path: 'mounted', from: '/dev/sdc1' }]],
    ['another type', xfs, { mounted: { ...mounted, fstype: 'ext4' } }, [{ path: 'mounted' }]],
    ['behind a link', xfs, { device: '/dev/dm-1', mounted: { ...mounted, source: '/dev/dm-1' } }, []],
    ['an option', xfs, { mounted: { ...mounted, options: ['rw'] } }, [{ path: 'options', from: 'rw', to: 'noatime' }]],
    [
      'a bind mount shows its device',
      { source: '/srv', fstype: 'none', options: 'bind' },
      { fstab: '/srv /data none bind 0 0\n', device: '/srv' },
      [],
    ],
    [
      'any type, no device',
      { source: 'server:/x', fstype: 'auto' },
      { fstab: 'server:/x /data auto defaults 0 0\n', device: 'server:/x' },
      [],
    ],
  ])('%s', (_name, wish, is, expected) => {
    const state = { fstab: entry, mounted, device: '/dev/sdb1', ...is };
    const changes = mountPoint('/data', wish).diff(state, nothingChanged);
    expect(changes).toHaveLength(expected.length);
    expect(changes).toMatchObject(expected);
  });
});

describe.each(shells)('really, in %s', (shell) => {
  test('in fstab, mounted, remounted', async () => {
    const it = await sandbox();
    await it.put('/etc/fstab', '# mine\n');
    const path = '/var/lib/try me';
    const wish = mountPoint(path, { source: 'tmpfs', fstype: 'tmpfs', options: 'size=64k,nosuid' });
    const now = await probeOn(shell, wish, it.surroundings);
    expect(now).toEqual({ fstab: '# mine\n', mounted: undefined, device: 'tmpfs' });
    const writer = localWriter(shell, it.surroundings);
    await wish.apply(writer, wish.diff(now, nothingChanged), now);
    expect(await it.get('/etc/fstab')).toBe('# mine\ntmpfs /var/lib/try\\040me tmpfs size=64k,nosuid 0 0\n');
    // Each script has a mount namespace of its own, so what it mounts is asked in the same one.
    const last = writer.ran.at(-1) ?? sh``;
    const { stdout } = await runOn(shell, lines(last, wish.probe.script), it.surroundings);
    const after = wish.probe.parse(stdout);
    expect(after.mounted).toMatchObject({ source: 'tmpfs', fstype: 'tmpfs' });
    expect(wish.diff(after, nothingChanged)).toEqual([]);

    // Nothing is mounted in that script's own namespace, so it fails there.
    await wish.apply(writer, [{ path: 'options' }], after).catch(() => {});
    const remount = writer.ran.at(-1) ?? sh``;
    const worse = sh`mount -o remount,suid ${path}`;
    const both = await runOn(shell, lines(last, worse, remount, wish.probe.script), it.surroundings);
    expect(wish.probe.parse(both.stdout).mounted?.options).toContain('nosuid');
  });

  test('UUID and LABEL lead to devices', async () => {
    const it = await sandbox();
    const at = (source: string) => probeOn(shell, mountPoint('/x', { source, fstype: 'xfs' }), it.surroundings);
    expect((await at('UUID="1-2"')).device).toBe('/dev/disk/by-uuid/1-2');
    expect((await at('LABEL=a b')).device).toBe('/dev/disk/by-label/a b');
    expect((await at('OTHER=1')).device).toBe('OTHER=1');
  });
});

test('something else that is mounted there is never unmounted', async () => {
  const wish = mountPoint('/data', xfs);
  const state = { fstab: entry, device: '/dev/sdb1', mounted: { ...mounted, source: '/dev/sdc1' } };
  await expect(wish.apply(localWriter(), wish.diff(state, nothingChanged), state)).rejects.toMatchObject({
    message: '/data is a mount point of /dev/sdc1 (xfs)',
    details: { touched: false },
  });
});

test('nothing mounted, no fstab', () => {
  const state = { fstab: '', mounted: undefined, device: '' };
  expect(mountPoint('/data', xfs).probe.parse(Buffer.from(''))).toEqual(state);
  expect(mountPoint('/data', xfs).probe.parse(Buffer.from('d\nrw'))).toMatchObject({
    mounted: { source: '', fstype: '', options: ['rw', ''] },
  });
});
