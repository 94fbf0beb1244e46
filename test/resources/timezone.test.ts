import { describe, expect, test } from 'vitest';
import { timezone } from '../../lib/resources/timezone.ts';
import { sh } from '../../lib/sh.ts';
import { converge, nothingChanged, runOn, shells } from './harness.ts';
import { sandbox } from './sandbox.ts';

describe.each(shells)('in %s', (shell) => {
  test('the link and, where it is in use, the name', async () => {
    const it = await sandbox();
    await it.put('/etc/timezone', 'Etc/UTC\n');
    await runOn(shell, sh`ln -sfn /usr/share/zoneinfo/Etc/UTC /etc/localtime`, it.surroundings);
    const wish = timezone('Asia/Shanghai');
    expect(await converge(shell, wish, it.surroundings)).toEqual([
      { path: '/etc/localtime', from: 'Etc/UTC', to: 'Asia/Shanghai' },
      { path: '/etc/timezone', from: 'Etc/UTC', to: 'Asia/Shanghai' },
    ]);
    expect(await it.get('/etc/timezone')).toBe('Asia/Shanghai\n');
    const { stdout } = await runOn(shell, sh`readlink /etc/localtime; date -d @0 +%Z`, it.surroundings);
    expect(stdout.toString()).toBe('../usr/share/zoneinfo/Asia/Shanghai\nCST\n');
    await it.put('/etc/timezone', 'Asia/Shanghai');
    expect(await converge(shell, wish, it.surroundings)).toEqual([]);
    await it.put('/etc/timezone', 'Europe/Berlin\n');
    expect(await converge(shell, wish, it.surroundings)).toMatchObject([{ path: '/etc/timezone' }]);
    expect(await converge(shell, wish, it.surroundings)).toEqual([]);
  });

  test('a zone that the host does not know', async () => {
    const it = await sandbox();
    await expect(converge(shell, timezone('Asia/Nowhere'), it.surroundings)).rejects.toMatchObject({
      message: expect.stringContaining('does not know the time zone Asia/Nowhere'),
      details: { mend: expect.stringContaining('install tzdata'), touched: false },
    });
  });
});

test.each([
  ['../usr/share/zoneinfo/Asia/Shanghai\n', []],
  ['/usr/share/zoneinfo/Asia/Shanghai\ndebian\nAsia/Shanghai\n', []],
  ['\n', [{ path: '/etc/localtime', from: undefined, to: 'Asia/Shanghai' }]],
  ['', [{ path: '/etc/localtime', from: undefined, to: 'Asia/Shanghai' }]],
  ['/usr/share/zoneinfo/Asia/Shanghai\ndebian\n', [{ path: '/etc/timezone', from: undefined, to: 'Asia/Shanghai' }]],
  ['/usr/share/zoneinfo/Asia/Shanghai\ndebian', [{ path: '/etc/timezone', from: undefined, to: 'Asia/Shanghai' }]],
])('%j', (out, changes) => {
  const wish = timezone('Asia/Shanghai');
  expect(wish.diff(wish.probe.parse(Buffer.from(out)), nothingChanged)).toEqual(changes);
});

// A link on a host that has no /etc/timezone (RHEL) gets none.
test('only the link', async () => {
  const wish = timezone('Etc/UTC');
  const it = await sandbox();
  await runOn('dash', sh`ln -sfn /nowhere /etc/localtime`, it.surroundings);
  const ran: string[] = [];
  await wish.apply(
    {
      host: 'h',
      run: async ({ text }) => (ran.push(text), { code: 0, stdout: Buffer.of(), stderr: Buffer.of(), ms: 0 }),
      upload: async () => {},
    },
    [],
    { link: '', named: undefined },
  );
  expect(ran).toHaveLength(1);
});

test.each(['', '../x', 'Asia/', 'a b'])('refused: %s', (name) => {
  expect(() => timezone(name)).toThrow(expect.objectContaining({ code: 'BadInput' }));
});
