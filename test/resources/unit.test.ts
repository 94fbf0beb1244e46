import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type UnitOptions, unit } from '../../lib/resources/unit.ts';
import { fakeSystemd } from './fake-systemctl.ts';
import { converge, nothingChanged, probeOn, shells } from './harness.ts';
import { type Sandbox, sandbox } from './sandbox.ts';

const content = '[Service]\nExecStart=/bin/true\n';

async function host(): Promise<Sandbox> {
  const it = await sandbox();
  await fakeSystemd(it);
  await writeFile(join(it.memory, 'unit'), 'LoadState=not-found\nNeedDaemonReload=no\n');
  return it;
}

describe.each(shells)('in %s', (shell) => {
  test('written and loaded, then quiet; a forgotten reload is made up for', async () => {
    const it = await host();
    const wish = unit('x.service', { content });
    expect(await converge(shell, wish, it.surroundings)).toMatchObject([{ path: 'file' }]);
    expect(await it.get('/etc/systemd/system/x.service')).toBe(content);
    expect(await converge(shell, wish, it.surroundings)).toEqual([]);
    await writeFile(join(it.memory, 'unit'), 'LoadState=loaded\nNeedDaemonReload=yes\n');
    expect(await converge(shell, wish, it.surroundings)).toEqual([
      { path: 'loaded', from: 'an older version', to: 'current' },
    ]);
    await writeFile(join(it.memory, 'unit'), 'LoadState=not-found\nNeedDaemonReload=no\n');
    expect(await converge(shell, wish, it.surroundings)).toEqual([
      { path: 'loaded', from: 'not known to systemd', to: 'current' },
    ]);
    expect(await readFile(join(it.memory, 'log'), 'utf8')).toBe('daemon-reload \n'.repeat(3));
  });

  test('a drop-in; its unit may be unknown still', async () => {
    const it = await host();
    const wish = unit('x.service', { dropIn: 'limits', content: '[Service]\nLimitNOFILE=1\n' });
    await converge(shell, wish, it.surroundings);
    expect(await it.get('/etc/systemd/system/x.service.d/limits.conf')).toBe('[Service]\nLimitNOFILE=1\n');
    await writeFile(join(it.memory, 'unit'), 'LoadState=not-found\nNeedDaemonReload=no\n');
    expect(wish.diff(await probeOn(shell, wish, it.surroundings), nothingChanged)).toEqual([]);
  });

  test('what systemd cannot load is an error', async () => {
    const it = await host();
    await writeFile(join(it.memory, 'load'), 'bad-setting');
    await expect(converge(shell, unit('x.service', { content: '[Foo' }), it.surroundings)).rejects.toMatchObject({
      message: 'systemd cannot load x.service',
      details: { mend: expect.stringContaining('/etc/systemd/system/x.service') },
    });
  });
});

test('named for what it is, and evidence for a service', () => {
  expect(unit('x.service', { content }).id).toBe('x.service');
  const dropIn = unit('x.service', { content, dropIn: 'limits' });
  expect(dropIn.id).toBe('x.service.d/limits.conf');
  expect(dropIn.evidence?.paths).toEqual(['/etc/systemd/system/x.service.d/limits.conf']);
  expect(
    unit('x.service', { content }).diff({ file: { type: 'absent' }, load: '', outdated: true }, nothingChanged),
  ).toMatchObject([{ path: 'file' }]);
});

test.each<[string, UnitOptions]>([
  ['x', { content }],
  ['../x.service', { content }],
  ['x.conf', { content }],
  ['x.service', { content, dropIn: '../x' }],
])('refused: %s %o', (name, options) => {
  expect(() => unit(name, options)).toThrow(expect.objectContaining({ code: 'BadInput' }));
});
