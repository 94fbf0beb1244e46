import { describe, expect, test } from 'vitest';
import { hostname } from '../../lib/resources/hostname.ts';
import { sh } from '../../lib/sh.ts';
import { converge, localWriter, nothingChanged, probeOn, runOn, shells } from './harness.ts';
import { sandbox } from './sandbox.ts';

describe.each(shells)('in %s', (shell) => {
  test('kernel and file, each only when it differs', async () => {
    const it = await sandbox({ uts: true });
    await it.put('/etc/hostname', '# by the installer\n\nold\n');
    const wish = hostname('k8s-mn01');
    const state = await probeOn(shell, wish, it.surroundings);
    expect(state.saved).toBe('old');
    const writer = localWriter(shell, it.surroundings);
    await wish.apply(writer, wish.diff({ ...state, live: 'k8s-mn01' }, nothingChanged), state);
    expect(await it.get('/etc/hostname')).toBe('k8s-mn01\n');
    expect(writer.ran).toHaveLength(1);
    expect(await converge(shell, wish, it.surroundings)).toEqual([{ path: 'live', from: state.live, to: 'k8s-mn01' }]);
    const { stdout } = await runOn(shell, sh`uname -n`, it.surroundings);
    expect(stdout.toString()).toBe('k8s-mn01\n');
  });

  test('a bind-mounted /etc/hostname is written in place', async () => {
    const it = await sandbox({ mounted: { '/etc/hostname': 'old\n' } });
    const wish = hostname((await probeOn(shell, hostname('x'), it.surroundings)).live);
    expect(await converge(shell, wish, it.surroundings)).toMatchObject([{ path: '/etc/hostname', from: 'old' }]);
    expect(await it.get('/etc/hostname')).toBe(`${wish.id}\n`);
  });
});

test('what differs', () => {
  const wish = hostname('a');
  expect(wish.diff({ live: 'a', saved: 'a' }, nothingChanged)).toEqual([]);
  expect(wish.diff({ live: 'b', saved: '' }, nothingChanged)).toEqual([
    { path: '/etc/hostname', from: undefined, to: 'a' },
    { path: 'live', from: 'b', to: 'a' },
  ]);
  expect(wish.probe.parse(Buffer.from(''))).toEqual({ live: '', saved: '' });
  expect(wish.evidence?.paths).toEqual(['/etc/hostname']);
});

test.each(['K8s', 'a_b', '-a', 'a-', '', 'a..b', 'x'.repeat(65), 'x'.repeat(64)])('refused: %s', (name) => {
  expect(() => hostname(name)).toThrow(expect.objectContaining({ code: 'BadInput' }));
});
test.each(['a', 'mn01', 'mn-01.example.org', 'x'.repeat(63)])('accepted: %s', (name) => {
  expect(hostname(name).id).toBe(name);
});
