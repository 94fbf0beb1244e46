import { expect, test } from 'vitest';
import { commandFailed } from '../../lib/errors.ts';
import { diffsOf } from '../../lib/report/diffs.ts';
import type { RunEvent } from '../../lib/report/events.ts';
import { tee, viewFor } from '../../lib/report/index.ts';
import { confChange, recapOf, resource, sampleRun } from './sample.ts';
import { fake } from './streams.ts';

const flags = { json: false, plain: true, verbose: false, diff: false, check: false, env: {} };

async function shown(events: readonly RunEvent[], over: Partial<typeof flags & { profile: boolean }> = {}) {
  const stdout = fake({ isTTY: false });
  const view = viewFor({ ...flags, ...over, stdout });
  for (const event of events) view.show(event);
  await view.close();
  return stdout.text();
}

test('headings, changes, notes, failures, the recap', async () => {
  expect(await shown(sampleRun())).toMatchInlineSnapshot(`
    "site: 3 hosts

    Every node (3 hosts)
    ✖ wn02: no route to host
    — chrony
    ± wn01 · chrony · file /etc/chrony.conf: content (210 ms)
    ℹ wn01 · chrony: the clock was 3 s behind
    ✖ mn01 · chrony · file /etc/chrony.conf: validation failed, it changed nothing

    host   ok  changed  failed  unreachable  skipped    time  trips
    mn01    1        0       1            0        0  401 ms      3
    wn01    1        1       0            0        0  560 ms      4
    wn02    0        0       0            1        1    0 ms      0
    total   2        1       1            1        1  662 ms      7

    ✖ wn02: no route to host
      mend  is it up?

    ✖ mn01 · chrony · file /etc/chrony.conf: validation failed, it changed nothing
      ran   chronyd -p -f /etc/.chrony.conf.a1b2   (root, exit 1, 0.2 s)
      said  Could not parse directive \`servr\` at line 3
      from  roles/chrony/index.ts:22
      mend  fix the template and run again: npx tsx playbooks/site.ts --tags chrony --limit mn01

    2 of 3 hosts failed, 1 change on 1 of 3 hosts, in 662 ms; again on these alone: --limit 'mn01,wn02'
    "
  `);
});

test('what went wrong on many hosts in the same way is told once at the end, with a sentence that can be read', async () => {
  const hosts = Array.from({ length: 30 }, (_, i) => `wn${String(i + 1).padStart(2, '0')}`);
  const failed = hosts.map((host): RunEvent => {
    const said = host === 'wn30' ? 'E: another thing' : 'E: no such package';
    const place = { host, role: 'chrony', resource: 'package chrony' };
    return {
      type: 'host-failed',
      host,
      at: 5,
      error: commandFailed('apt-get failed', { place, said, mend: 'see apt' }),
    };
  });
  const recap = hosts.map((host) => ({ ...recapOf(host), failed: 1 }));
  const text = await shown([...failed, { type: 'run-end', at: 6, exitCode: 2, ms: 6, recap }]);
  expect(text.slice(text.lastIndexOf('\ntotal'))).toMatch(
    /^\ntotal[^\n]*\n\n✖ wn01–wn29 · chrony · package chrony: apt-get failed\n/,
  );
  expect(text).toContain('\n\n✖ wn30 · chrony · package chrony: apt-get failed\n  said  E: another thing\n');
  expect(text).toMatch(/\n30 of 30 hosts failed, [^;\n]*\.\n$/);
});

test('--check --diff', async () => {
  const text = await shown(sampleRun(true), { check: true, diff: true });
  expect(text.split('\n\nhost')[0]).toMatchInlineSnapshot(`
    "site: 3 hosts, check only: nothing is changed

    Every node (3 hosts)
    ✖ wn02: no route to host
    — chrony
    ± wn01 · chrony · file /etc/chrony.conf: would change: content
    ℹ wn01 · chrony: the clock was 3 s behind
    ✖ mn01 · chrony · file /etc/chrony.conf: validation failed, it changed nothing
      wn01
        --- before: /etc/chrony.conf
        +++ after: /etc/chrony.conf
        @@ -1,2 +1,3 @@
         server ntp0.example.org iburst
         server ntp1.example.org iburst
        +server ntp2.example.org iburst"
  `);
  expect(text).toContain('host   ok  would change  failed');
  expect(text).toContain('2 of 3 hosts failed, 1 change to be made on 1 of 3 hosts');
});

test('--verbose tells what was found as wished, connections and live output too', async () => {
  const quiet = new Set((await shown(sampleRun())).split('\n'));
  const more = (await shown(sampleRun(), { verbose: true })).split('\n').filter((line) => !quiet.has(line));
  expect(more.filter((line) => !/^ +(stack|at) /.test(line)).join('\n')).toMatchInlineSnapshot(`
    "  mn01: connected (90 ms)
      wn01: connected (95 ms)
    ✔ mn01 · chrony · package chrony: as wished (12 ms)
      mn01 · chrony · chronyc waitsync | try: 1, refid: 0
    ✔ wn01 · chrony · service chronyd: as wished (12 ms)"
  `);
});

test('--profile', async () => {
  const text = await shown(sampleRun(), { profile: true });
  expect(text.slice(text.indexOf('slowest'), text.indexOf('\nhost   ok'))).toMatchInlineSnapshot(`
    "slowest resources                       status    time
    wn01 · chrony · file /etc/chrony.conf  changed  210 ms
    mn01 · chrony · package chrony              ok   12 ms
    mn01 · chrony · file /etc/chrony.conf   failed   12 ms
    wn01 · chrony · service chronyd             ok   12 ms

    role    hosts  round trips  slowest on  slowest     sum
    chrony      1            4        wn01   560 ms  560 ms

    host  connect  round trips
    mn01    90 ms            3
    wn01    95 ms            4
    wn02                     0
    "
  `);
});

const role = (host: string, type: 'role-start' | 'role-end', name = 'chrony'): RunEvent =>
  type === 'role-start'
    ? { type, host, play: 'p', role: name, at: 1 }
    : { type, host, play: 'p', role: name, ms: 1, trips: 1, at: 1 };

const changed = (host: string, count = 3): RunEvent =>
  resource(host, {
    status: 'changed',
    changes: [{ ...confChange, text: { before: '', after: 'x\n'.repeat(count) } }],
  });

test('equal diffs of several hosts are shown once, as soon as every host is past the role', async () => {
  const stdout = fake();
  const view = viewFor({ ...flags, diff: true, stdout });
  const say = (...events: readonly RunEvent[]): number => {
    const before = stdout.text().length;
    for (const event of events) view.show(event);
    return stdout.text().slice(before).split('--- before').length - 1;
  };
  expect(say(role('a', 'role-start'), role('b', 'role-start', 'sysctl'), changed('a'), role('a', 'role-end'))).toBe(0);
  expect(say(role('b', 'role-end', 'sysctl'), role('b', 'role-start'), changed('b'))).toBe(0);
  expect(say(role('b', 'role-end'))).toBe(1);
  expect(stdout.text()).toContain('  a, b\n    --- before: /etc/chrony.conf\n');
  // A host that fails holds nobody up, and what it had changed is shown.
  expect(say(role('a', 'role-start', 'etcd'), role('b', 'role-start', 'etcd'))).toBe(0);
  expect(say(changed('c', 1), changed('d', 2), { type: 'play-end', play: 'p', ms: 1, at: 2 })).toBe(2);
  const gone: RunEvent = { type: 'host-failed', host: 'a', error: commandFailed('x'), at: 2 };
  expect(say(role('a', 'role-start'), changed('a'), gone)).toBe(1);
  expect(say(role('b', 'role-start'), changed('b'))).toBe(0);
  expect(say({ type: 'run-end', recap: [], exitCode: 2, ms: 2, at: 2 })).toBe(1);
  await view.close();
});

test('a new file, one that goes, one part of a file, a change without text', () => {
  const change = (over: object): { id: string; changes: (typeof confChange)[] } => ({
    id: '/etc/hosts: konverge',
    changes: [{ path: 'block', ...over }],
  });
  expect(diffsOf(change({ to: 'as wished', text: { before: '', after: 'x\n' } }))[0]).toMatch(
    /^--- before\n\+\+\+ after: \/etc\/hosts\n/,
  );
  expect(diffsOf(change({ from: 'x', text: { before: 'x\n', after: '' } }))[0]).toMatch(
    /^--- before: \/etc\/hosts\n\+\+\+ after\n/,
  );
  expect(diffsOf(change({ from: 'x', to: 'y' }))).toEqual([]);
  expect(diffsOf(change({ from: 'x', to: 'y', text: { before: 'x', after: 'x' } }))).toEqual([]);
});

const ended = (over: Partial<Extract<RunEvent, { type: 'run-end' }>>): RunEvent => ({
  type: 'run-end',
  recap: [recapOf('mn10'), recapOf('mn9')],
  exitCode: 0,
  ms: 8000,
  at: 8000,
  ...over,
});

test.each([
  [ended({}), 'Nothing to do: all 2 hosts as wished, in 8.0 s.'],
  [ended({ recap: [recapOf('a')] }), 'Nothing to do: 1 host as wished, in 8.0 s.'],
  [ended({ recap: [recapOf('a', { changed: 3 }), recapOf('b')] }), '3 changes on 1 of 2 hosts, in 8.0 s.'],
  [ended({ exitCode: 130 }), 'Interrupted after 8.0 s: 0 changes on 0 of 2 hosts.'],
  [ended({ exitCode: 1 }), 'The run failed (exit code 1), 0 changes on 0 of 2 hosts, in 8.0 s.'],
  [ended({ exitCode: 5, recap: [recapOf('a', { changed: 1 })] }), '1 change on 1 of 1 host, in 8.0 s.'],
  [
    ended({ exitCode: 2, recap: [recapOf('b', { failed: 1 }), recapOf('a', { unreachable: true })] }),
    "2 of 2 hosts failed, 0 changes on 0 of 2 hosts, in 8.0 s; again on these alone: --limit 'a,b'",
  ],
])('the last sentence %#', async (event, sentence) => {
  expect((await shown([event])).trimEnd().split('\n').at(-1)).toBe(sentence);
});

test('hosts are sorted as a person counts', async () => {
  expect((await shown([ended({})])).match(/^mn\d+/gm)).toEqual(['mn9', 'mn10']);
});

test('a role that reaches another host says so', async () => {
  const event = resource('mn02', { on: 'mn01', status: 'changed', changes: [{ path: 'token' }] });
  expect(await shown([event])).toBe('± mn02 · chrony · on mn01 · file /etc/chrony.conf: token (12 ms)\n');
});

test('a reader that has gone does not end the run', async () => {
  const stdout = fake();
  const view = viewFor({ ...flags, stdout });
  view.show(ended({}));
  const before = stdout.text().length;
  expect(before).toBeGreaterThan(0);
  Object.assign(stdout, { write: () => expect.unreachable('nothing more is written') });
  stdout.emit('error', new Error('EPIPE'));
  view.show(ended({}));
  await view.close();
  expect(stdout.text()).toHaveLength(before);
});

test('tee shows everything to everyone', async () => {
  const outs = [fake(), fake()];
  const view = tee(outs.map((stdout) => viewFor({ ...flags, json: true, stdout })));
  view.show(ended({}));
  await view.close();
  expect(outs[0]?.text()).toBe(outs[1]?.text());
  expect(outs[0]?.text()).toContain('"run-end"');
});
