import { readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AnyResource, Change, Seen } from '../../lib/resources/contract.ts';
import { file } from '../../lib/resources/file.ts';
import { type ServiceWish, service } from '../../lib/resources/service.ts';
import { parseServiceState, type ServiceState } from '../../lib/resources/service-state.ts';
import { fakeSystemd } from './fake-systemctl.ts';
import { changedOnly, converge, localWriter, nothingChanged, probeOn, shells, tempFolder } from './harness.ts';
import { type Sandbox, sandbox } from './sandbox.ts';

const state = (is: Partial<ServiceState>): ServiceState => ({
  id: 'chrony.service',
  load: 'loaded',
  active: 'active',
  sub: 'running',
  file: 'enabled',
  invocation: 'one',
  started: 1000,
  note: undefined,
  modified: [],
  ...is,
});
const words = (changes: readonly Change[]): readonly string[] =>
  changes.map(({ path, from, to }) => `${path}: ${from} -> ${to}`);
const diff = (wish: ServiceWish, is: Partial<ServiceState>, seen: Seen = nothingChanged): readonly string[] =>
  words(service('chrony.service', wish).diff(state(is), seen));

describe('what systemd says', () => {
  const asked = { note: '/note', paths: [] };
  test('properties, times in microseconds, the note', () => {
    const out = `Id=ssh.service
LoadState=loaded
ActiveState=active
SubState=running
UnitFileState=enabled
InvocationID=18cf
ExecMainStartTimestamp=Sun 2026-11-22 14:11:07.036953 UTC
InactiveExitTimestamp=Sun 2026-11-22 14:11:06.997509 UTC

note=18cf aa bb
at /note=2026-11-22 14:11:08.000000001 +0000
at /a=2026-11-22 14:11:06.988176914 +0000
at /c d=2026-11-22 14:11:06
`;
    const second = Date.UTC(2026, 10, 22, 14, 11, 6) * 1000;
    expect(parseServiceState(out, { note: '/note', paths: ['/a', '/b', '/c d'] })).toEqual({
      id: 'ssh.service',
      load: 'loaded',
      active: 'active',
      sub: 'running',
      file: 'enabled',
      invocation: '18cf',
      started: second + 1_036_953,
      note: { invocation: '18cf', restartDigest: 'aa', reloadDigest: 'bb', at: second + 2_000_000 },
      modified: [second + 988_176, undefined, second],
    });
  });
  test('a unit that is no service has the time of its activation', () => {
    expect(parseServiceState('InactiveExitTimestamp=Thu 1970-01-01 00:00:01 UTC\n', asked).started).toBe(1_000_000);
    expect(parseServiceState('\n', asked).started).toBeUndefined();
  });
  test('a note that was cut short is none', () => {
    expect(parseServiceState('note=18cf aa\nat /note=2026-11-22 14:11:08 +0000\n', asked).note).toBeUndefined();
    expect(parseServiceState('note=18cf aa bb\n', asked).note).toBeUndefined();
  });
});

describe('enabled, running, masked', () => {
  test.each<[string, ServiceWish, Partial<ServiceState>, readonly string[]]>([
    ['all as wished', { enabled: true, running: true }, {}, []],
    ['nothing wished', {}, { active: 'failed', file: 'disabled' }, []],
    ...(['static', 'indirect', 'alias', 'generated', 'transient'] as const).map(
      (each): [string, ServiceWish, Partial<ServiceState>, readonly string[]] => [
        `${each} cannot be enabled further`,
        { enabled: true },
        { file: each },
        [],
      ],
    ),
    ['disabled', { enabled: true }, { file: 'disabled' }, ['enabled: disabled -> enabled']],
    ['until reboot', { enabled: true }, { file: 'enabled-runtime' }, ['enabled: enabled-runtime -> enabled']],
    ['linked', { enabled: true }, { file: 'linked' }, ['enabled: linked -> enabled']],
    ['to disable', { enabled: false }, { file: 'enabled-runtime' }, ['enabled: enabled-runtime -> disabled']],
    ['static cannot be disabled', { enabled: false }, { file: 'static' }, []],
    ['start', { running: true }, { active: 'inactive' }, ['running: inactive -> active']],
    ['start a failed one', { running: true }, { active: 'failed' }, ['running: failed -> active']],
    [
      'crash loop',
      { running: true },
      { active: 'activating', sub: 'auto-restart' },
      ['running: activating (auto-restart) -> active'],
    ],
    ['reloading is up', { running: true }, { active: 'reloading' }, []],
    ['stop', { running: false }, {}, ['running: active -> inactive']],
    ['failed is stopped', { running: false }, { active: 'failed' }, []],
    ['any', { running: 'any' }, { active: 'failed' }, []],
    ['mask', { masked: true, running: false }, {}, ['masked: no -> yes', 'running: active -> inactive']],
    ['masked already', { masked: true }, { load: 'masked', file: 'masked', active: 'inactive' }, []],
    ['unmask', { masked: false }, { load: 'masked', file: 'masked-runtime' }, ['masked: yes -> no']],
    ['stays masked', { enabled: false }, { load: 'masked', file: 'masked', active: 'inactive' }, []],
    [
      'a masked unit that shall run',
      { enabled: true, running: true },
      { load: 'masked', file: 'masked', active: 'inactive' },
      ['masked: yes -> no', 'enabled: masked -> enabled', 'running: inactive -> active'],
    ],
    [
      'not installed yet',
      { enabled: true, running: true },
      { load: 'not-found', file: '', active: 'inactive' },
      ['enabled: no such unit -> enabled', 'running: no such unit -> active'],
    ],
    ['never installed', { enabled: false, running: false }, { load: 'not-found', file: '', active: 'inactive' }, []],
  ])('%s', (_name, wish, is, expected) => {
    expect(diff(wish, is)).toEqual(expected);
  });

  test.each<[string, ServiceWish]>([
    ['--now', {}],
    ['a b', {}],
    ['chrony', { masked: true, running: true }],
    ['chrony', { masked: true, enabled: true }],
  ])('refused: %s %o', (unit, wish) => {
    expect(() => service(unit, wish)).toThrow(expect.objectContaining({ code: 'BadInput' }));
  });
});

describe('a restart is owed', () => {
  const conf = file('/etc/chrony.conf', { content: 'new' });
  const keys = file('/etc/chrony.keys', { content: 'keys' });
  const wish: ServiceWish = { running: true, restartOn: [conf], reloadOn: [keys] };
  const reloadOnly: ServiceWish = { running: 'any', reloadOn: [keys] };
  const digests = (of: ServiceWish): { restartDigest: string; reloadDigest: string } => {
    // The only way to know them without repeating the algorithm: from the script that writes the note.
    const ran: string[] = [];
    void service('x', of).apply(
      { host: 'h', run: (script) => (ran.push(script.text), new Promise(() => {})), upload: async () => {} },
      [],
      state({}),
    );
    const [, restartDigest = '', reloadDigest = ''] = /([0-9a-f]{64}) ([0-9a-f]{64})/.exec(ran.join()) ?? [];
    return { restartDigest, reloadDigest };
  };
  const right = { invocation: 'one', at: 900, ...digests(wish) };
  const restart = ['restart: runs with older /etc/chrony.conf -> restarted'];
  const reload = ['reload: runs with older /etc/chrony.keys -> reloaded'];

  test.each<[string, Partial<ServiceState>, readonly AnyResource[], readonly string[]]>([
    ['adopted: no note, nothing newer', { modified: [900, 900] }, [], []],
    ['changed in this run', { modified: [900, 900] }, [conf], restart],
    ['changed by a run that was interrupted', { modified: [1001, 900] }, [], restart],
    ['reload is enough', { modified: [900, 1001] }, [], reload],
    ['a restart reloads too', { modified: [1001, 1001] }, [keys], restart],
    ['the file is still to be made', { modified: [undefined, 900] }, [conf], restart],
    ['right note: broken by hand and mended', { modified: [2000, 2000], note: right }, [conf, keys], []],
    [
      'note of older content, --check: the file is not written yet',
      { modified: [900, 900], note: { ...right, restartDigest: 'other' } },
      [conf],
      restart,
    ],
    [
      'note of older content, cause unknown',
      { modified: [900, 900], note: { ...right, restartDigest: 'other' } },
      [],
      restart,
    ],
    ['note of older keys', { modified: [900, 900], note: { ...right, reloadDigest: 'other' } }, [], reload],
    [
      'restarted by hand since, then changed',
      { modified: [1001, 900], note: { ...right, invocation: 'before' } },
      [conf],
      restart,
    ],
    [
      'dies by itself and was noted after the last change',
      { modified: [800, 800], note: { ...right, invocation: 'before' } },
      [conf],
      [],
    ],
    [
      'noted before the last change',
      { modified: [950, 800], note: { ...right, invocation: 'before' } },
      [conf],
      restart,
    ],
    [
      'noted, but the file is gone',
      { modified: [undefined, 800], note: { ...right, invocation: 'before' } },
      [conf],
      restart,
    ],
    [
      'noted, no time of start',
      { modified: [800, 800], started: undefined, note: { ...right, invocation: 'before' } },
      [conf],
      restart,
    ],
    [
      'rebooted with an old note of other content',
      { modified: [800, 800], note: { ...right, invocation: 'before', restartDigest: 'x' } },
      [],
      [],
    ],
    [
      'not up',
      { active: 'activating', sub: 'auto-restart', modified: [2000, 2000] },
      [],
      ['running: activating (auto-restart) -> active'],
    ],
  ])('%s', (_name, is, changed, expected) => {
    expect(diff(wish, is, changedOnly(...changed))).toEqual(expected);
  });

  test('only what it is told to', () => {
    expect(diff(reloadOnly, { modified: [1001] })).toEqual(reload);
    expect(diff({ running: false, restartOn: [conf] }, { active: 'active', modified: [1001] })).toEqual([
      'running: active -> inactive',
    ]);
  });

  test('something without evidence is refused', () => {
    const mute: AnyResource = { ...service('x', {}), diff: () => [], apply: async () => {} };
    expect(() => service('chrony', { restartOn: [mute] })).toThrow('it leaves nothing to compare');
  });
});

describe.each(shells)('with a stand-in for systemd, in %s', (shell) => {
  const host = async (): Promise<{ it: Sandbox; log: () => Promise<string> }> => {
    const it = await sandbox();
    await fakeSystemd(it);
    const unit = 'Id=x.service\nLoadState=loaded\nActiveState=inactive\nSubState=dead\nUnitFileState=disabled\n';
    await writeFile(join(it.memory, 'unit'), unit);
    return { it, log: () => readFile(join(it.memory, 'log'), 'utf8') };
  };

  test('started, noted, restarted once after a change, quiet afterwards', async () => {
    const { it, log } = await host();
    const path = join(await tempFolder(), 'x.conf');
    const with1 = file(path, { content: '1' });
    const wish = (conf: AnyResource): ServiceWish => ({ enabled: true, running: true, restartOn: [conf] });
    await converge(shell, with1, it.surroundings);
    await converge(shell, service('x', wish(with1)), it.surroundings);
    expect(await log()).toBe('enable -- x.service\nreset-failed -- x\nstart -- x\n');
    expect(await it.get('/var/lib/konverge/units/x')).toMatch(/^run\d+ [0-9a-f]{64} [0-9a-f]{64}\n$/);

    const with2 = file(path, { content: '2' });
    await converge(shell, with2, it.surroundings);
    // A new run that knows nothing of the change: the one that made it was interrupted.
    const after = await converge(shell, service('x', wish(with2)), it.surroundings);
    expect(words(after)).toEqual([`restart: runs with older ${path} -> restarted`]);
    expect(await converge(shell, service('x', wish(with2)), it.surroundings)).toEqual([]);

    await utimes(path, Date.now() / 1000 + 60, Date.now() / 1000 + 60);
    expect(await converge(shell, service('x', wish(with2)), it.surroundings)).toEqual([]);
    await rm(join(it.memory, 'log'));
    await converge(shell, service('x', { enabled: false, running: false, masked: true }), it.surroundings);
    expect(await log()).toBe('stop -- x\ndisable -- x.service\nmask -- x.service\n');
    await rm(join(it.memory, 'log'));
    await converge(shell, service('x', { running: true, masked: false }), it.surroundings);
    expect(await log()).toBe('unmask -- x.service\nreset-failed -- x\nstart -- x\n');
  });

  test('a reload that is owed; an outdated unit is loaded anew first', async () => {
    const { it, log } = await host();
    const path = join(await tempFolder(), 'x.conf');
    const conf = file(path, { content: '1' });
    await writeFile(
      join(it.memory, 'unit'),
      'ActiveState=active\nInvocationID=a\nNeedDaemonReload=yes\nLoadState=loaded\n',
    );
    await converge(shell, service('x', { running: 'any', reloadOn: [conf] }), {
      ...it.surroundings,
      seen: changedOnly(conf),
    });
    expect(await log()).toBe('daemon-reload \nreload-or-restart -- x\n');
    expect(await it.get('/var/lib/konverge/units/x')).toMatch(/^a /);
  });

  test.each([
    ['dies', 'x did not stay up after its start', ''],
    ['restarting', 'x keeps dying and being restarted', ''],
    ['fail-start', 'x did not start', 'start failed for a reason'],
  ])('a failure says why: %s', async (flag, message, said) => {
    const { it } = await host();
    await writeFile(join(it.memory, flag), '');
    const wish = service('x', { running: true });
    const now = await probeOn(shell, wish, it.surroundings);
    const writer = localWriter(shell, it.surroundings);
    await expect(wish.apply(writer, wish.diff(now, nothingChanged), now)).rejects.toMatchObject({
      code: 'CommandFailed',
      message,
      details: {
        said: expect.stringMatching(new RegExp(`${said}(.|\\n)*journal: -u x -n 20 --no-pager`)),
        mend: expect.stringContaining('journalctl -u x'),
      },
    });
  });
});

test('a unit that does not exist: the mend says so', async () => {
  const it = await sandbox();
  await fakeSystemd(it);
  await writeFile(join(it.memory, 'fail-enable'), '');
  const wish = service('x', { enabled: true });
  const now = state({ load: 'not-found', id: '', file: '' });
  const writer = localWriter('dash', it.surroundings);
  await expect(wish.apply(writer, wish.diff(now, nothingChanged), now)).rejects.toMatchObject({
    message: 'x could not be enabled',
    details: { mend: 'install what brings x, or correct its name', touched: true },
  });
});
