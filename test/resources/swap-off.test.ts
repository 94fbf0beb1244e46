import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { swapOff } from '../../lib/resources/swap-off.ts';
import { fakeSystemd } from './fake-systemctl.ts';
import { converge, nothingChanged, probeOn, shells } from './harness.ts';
import { type Sandbox, sandbox } from './sandbox.ts';

const heading = 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n';
const swaps = `${heading}/dev/sda2 partition\t2097148\t0\t-2\n/swap\\040file file 1 0 -3\n`;

async function host(active: string): Promise<Sandbox> {
  const it = await sandbox({ mounted: { '/proc/swaps': active }, layers: ['/usr/lib'] });
  await fakeSystemd(it);
  await it.put('/etc/fstab', 'UUID=1 / ext4 defaults 0 1\n/dev/sda2 none swap sw 0 0\n');
  await writeFile(join(it.memory, 'unit'), 'LoadState=loaded\n');
  const list =
    'dev-sda2.swap loaded active active /dev/sda2\ndev-x.swap masked inactive dead x\ngone.swap not-found inactive dead y\n';
  await writeFile(join(it.memory, 'list'), list);
  return it;
}

test.each(shells)('what is on, in %s', async (shell) => {
  const it = await host(swaps);
  await it.put('/usr/lib/systemd/system-generators/zram-generator', '');
  const state = await probeOn(shell, swapOff(), it.surroundings);
  expect(state).toEqual({
    active: ['/dev/sda2', '/swap\\040file'],
    units: ['dev-sda2.swap'],
    zram: true,
    fstab: 'UUID=1 / ext4 defaults 0 1\n/dev/sda2 none swap sw 0 0\n',
  });
  expect(swapOff().diff(state, nothingChanged)).toMatchObject([
    { path: 'active', from: '/dev/sda2' },
    { path: 'active', from: '/swap\\040file' },
    { path: '/etc/fstab', text: { after: 'UUID=1 / ext4 defaults 0 1\n#/dev/sda2 none swap sw 0 0\n' } },
    { path: 'unit', from: 'dev-sda2.swap', to: 'masked' },
    { path: 'zram-generator' },
  ]);
  await it.put('/etc/systemd/zram-generator.conf', '# [zram0]\n');
  expect((await probeOn(shell, swapOff(), it.surroundings)).zram).toBe(false);
  await it.put('/etc/systemd/zram-generator.conf', '[zram0]\n');
  expect((await probeOn(shell, swapOff(), it.surroundings)).zram).toBe(true);
});

// busybox sh runs its own swapoff, never the stand-in.
describe.each(shells.filter((each) => each !== 'busybox sh'))('with a stand-in for swapoff, in %s', (shell) => {
  test('off, and stays off', async () => {
    const it = await host(swaps);
    await it.put('/usr/lib/systemd/system-generators/zram-generator', '');
    await it.standIn(
      'swapoff',
      'echo "swapoff $1" >>"$MEMORY/log"; head -n 1 /proc/swaps >"$MEMORY/rest"; cat "$MEMORY/rest" >/proc/swaps',
    );
    await it.standIn(
      'systemctl',
      (await readFile(join(it.memory, '../bin/systemctl'), 'utf8')).replace('mask)', 'mask) : >"$MEMORY/list";'),
    );
    await converge(shell, swapOff(), it.surroundings);
    const log = (await readFile(join(it.memory, 'log'), 'utf8')).split('\n').filter((line) => !line.startsWith('list'));
    expect(log).toEqual([
      'swapoff /dev/sda2',
      'swapoff /swap file',
      'daemon-reload ',
      'stop -- dev-sda2.swap',
      'mask -- dev-sda2.swap',
      '',
    ]);
    expect(await it.get('/etc/systemd/zram-generator.conf')).toMatch(/^# empty on purpose/);
    expect(await it.get('/etc/fstab')).toContain('\n#/dev/sda2 none swap');
    expect(await converge(shell, swapOff(), it.surroundings)).toEqual([]);
  });

  test('only zram is to be told: nothing is stopped', async () => {
    const it = await host(heading);
    await it.put('/usr/lib/systemd/system-generators/zram-generator', '');
    await it.put('/etc/fstab', '');
    await writeFile(join(it.memory, 'list'), '');
    expect(await converge(shell, swapOff(), it.surroundings)).toMatchObject([{ path: 'zram-generator' }]);
    expect(await readFile(join(it.memory, 'log'), 'utf8')).not.toContain('daemon-reload');
  });

  test('swap that cannot be turned off: the boot is right, the error says what to do', async () => {
    const it = await host(swaps);
    await it.standIn('swapoff', 'echo "swapoff: $1: Operation not permitted" >&2; exit 1');
    await expect(converge(shell, swapOff(), it.surroundings)).rejects.toMatchObject({
      message: 'swap cannot be turned off',
      details: {
        said: 'swapoff: /dev/sda2: Operation not permitted',
        mend: expect.stringContaining('in a container'),
        touched: true,
      },
    });
    expect(await it.get('/etc/fstab')).toContain('\n#/dev/sda2 none swap');
  });
});

test('a blank line among the active ones is none', () => {
  const out = '--- active\n--- units\n \n--- zram\n--- fstab\n';
  expect(swapOff().probe.parse(Buffer.from(out))).toEqual({ active: [], units: [], zram: false, fstab: '' });
});
