import { commandFailed, KonvergeError, unreachable } from '../../lib/errors.ts';
import type { Recap, RunEvent } from '../../lib/report/events.ts';
import type { Change } from '../../lib/resources/contract.ts';

export const servers = (count: number): string =>
  Array.from({ length: count }, (_, i) => `server ntp${i}.example.org iburst\n`).join('');

export const confChange: Change = {
  path: 'content',
  from: 'sha256 0f343b0931126a20',
  to: 'sha256 4355a46b19d348dc',
  text: { before: servers(2), after: servers(3) },
};

type Resource = Extract<RunEvent, { type: 'resource' }>;

export const resource = (host: string, over: Partial<Resource> = {}): Resource => ({
  type: 'resource',
  host,
  role: 'chrony',
  kind: 'file',
  id: '/etc/chrony.conf',
  status: 'ok',
  changes: [],
  ms: 12,
  at: 400,
  ...over,
});

export const recapOf = (host: string, over: Partial<Recap> = {}): Recap => ({
  host,
  ok: 4,
  changed: 0,
  failed: 0,
  unreachable: false,
  skipped: 0,
  ms: 2345,
  trips: 7,
  ...over,
});

export const invalid = commandFailed('validation failed', {
  place: { host: 'mn01', role: 'chrony', resource: 'file /etc/chrony.conf', at: 'roles/chrony/index.ts:22' },
  ran: 'chronyd -p -f /etc/.chrony.conf.a1b2   (root, exit 1, 0.2 s)',
  said: 'Could not parse directive `servr` at line 3\n',
  mend: 'fix the template and run again: npx tsx playbooks/site.ts --tags chrony --limit mn01',
  touched: false,
});

/** Three hosts: mn01 fails, wn01 is changed, wn02 cannot be reached. */
export function sampleRun(check = false): readonly RunEvent[] {
  const changed: Partial<Resource> = { status: check ? 'would-change' : 'changed', changes: [confChange], ms: 210 };
  const play = 'Every node';
  const hosts = ['mn01', 'wn01', 'wn02'];
  return [
    { type: 'run-start', playbook: 'site', check, hosts, at: 0 },
    { type: 'play-start', play, hosts, at: 1 },
    { type: 'host-connected', host: 'mn01', ms: 90, at: 91 },
    { type: 'host-connected', host: 'wn01', ms: 95, at: 96 },
    { type: 'host-failed', host: 'wn02', play, error: unreachable('no route to host', { mend: 'is it up?' }), at: 99 },
    { type: 'role-start', host: 'mn01', play, role: 'chrony', at: 100 },
    { type: 'role-start', host: 'wn01', play, role: 'chrony', at: 101 },
    resource('mn01', { kind: 'package', id: 'chrony', at: 300 }),
    resource('wn01', changed),
    { type: 'note', host: 'wn01', role: 'chrony', text: 'the clock was 3 s behind', at: 420 },
    { type: 'output', host: 'mn01', role: 'chrony', what: 'chronyc waitsync', line: 'try: 1, refid: 0', at: 430 },
    resource('mn01', { status: 'failed', at: 500 }),
    { type: 'host-failed', host: 'mn01', play, error: invalid, at: 501 },
    resource('wn01', { kind: 'service', id: 'chronyd', at: 600 }),
    { type: 'role-end', host: 'wn01', play, role: 'chrony', ms: 560, trips: 4, at: 661 },
    { type: 'play-end', play, ms: 660, at: 662 },
    {
      type: 'run-end',
      recap: [
        recapOf('wn02', { ok: 0, unreachable: true, skipped: 1, ms: 0, trips: 0 }),
        recapOf('mn01', { ok: 1, failed: 1, ms: 401, trips: 3 }),
        recapOf('wn01', { ok: 1, changed: 1, ms: 560, trips: 4 }),
      ],
      exitCode: 4,
      ms: 662,
      at: 662,
    },
  ];
}

export const bug = new KonvergeError('Unexpected', 'x is not a function', {
  cause: new TypeError('x is not a function'),
});
