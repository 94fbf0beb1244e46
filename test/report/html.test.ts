import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commandFailed } from '../../lib/errors.ts';
import type { RunEvent } from '../../lib/report/events.ts';
import { htmlView, junitView } from '../../lib/report/files.ts';
import { html } from '../../lib/report/html/markup.ts';
import { gatherer } from '../../lib/report/html/model.ts';
import { htmlDocument } from '../../lib/report/html/page.ts';
import { secret } from '../../lib/secret.ts';
import { recapOf, resource, sampleRun } from './sample.ts';
import { siteRun } from './site-sample.ts';

function pageOf(events: readonly RunEvent[]): string {
  const document = htmlDocument(new Date('2026-03-04T05:06:07Z'));
  for (const event of events) document.show(event);
  return document.text();
}

const page = pageOf(siteRun());
/** what a reader reads, one element a line */
const words = (text: string): string[] =>
  text
    .replace(/<style>[\s\S]*<\/style>/, '')
    .split(/<[^>]*>/)
    .map((part) => part.trim())
    .filter((part) => part !== '');

test('one file: no script, nothing that would be fetched', () => {
  expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
  expect(page).not.toMatch(/<script|<link|<img|<iframe|\ssrc=|\shref=|url\(|@import|\son[a-z]+=/i);
  expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  expect(page).toContain('name="viewport" content="width=device-width, initial-scale=1"');
  expect(page).toContain('@media (prefers-color-scheme: dark)');
});

test('the verdict, the failure with its mend, every section', () => {
  expect(words(page).slice(0, 6)).toEqual([
    'site: ✖ 1 failure',
    'site',
    '2026-03-04 05:06 UTC',
    ', 37.4 s',
    '✖ 1 failure',
    '5',
  ]);
  expect(page).toContain('<dt>mend</dt><dd><pre>see what the kubelet says on the host: journalctl');
  expect(page.match(/<section id="[a-z]+">/g)?.map((each) => each.slice(13, -2))).toEqual([
    'failures',
    'timeline',
    'changes',
    'hosts',
    'roles',
    'notes',
    'slowest',
  ]);
});

test('elements nest', () => {
  const body = page.slice(page.indexOf('<body>')).replace('</html>', '');
  const open: string[] = [];
  for (const [, slash, name = ''] of body.matchAll(/<(\/?)([a-z0-9]+)[^>]*>/g)) {
    if (slash === '') open.push(name);
    const closed = slash === '' ? name : open.pop();
    expect(closed).toBe(name);
  }
  expect(open).toEqual([]);
});

test('a bar a role and host, at its place in time', () => {
  const bars = [...page.matchAll(/<li class="(ok|changed|failed)" style="left:([\d.]+)%;width:([\d.]+)%"/g)];
  expect(bars).toHaveLength(5 * 11);
  expect(bars.filter(([, status]) => status === 'failed')).toHaveLength(1);
  expect(bars.filter(([, , left, width]) => Number(left) + Number(width) > 100)).toEqual([]);
  expect(page.match(/title="kubeadm-join on k8s-wn02[^"]*/)?.[0]).toBe(
    'title="kubeadm-join on k8s-wn02: failed, 10.3 s, 0 changes, 0 round trips (The cluster)',
  );
});

test('equal changes of several hosts are told once', () => {
  const changes = page.slice(page.indexOf('id="changes"'), page.indexOf('<section id="hosts"'));
  expect(words(changes).slice(1)).toEqual([
    'What changed',
    'sysctl',
    '± sysctls 90-kubernetes.conf',
    'net.ipv4.ip_forward 0 → 1',
    'all 5 hosts',
    'chrony',
    '± file /etc/chrony.conf',
    'content',
    'k8s-mn01',
    'k8s-mn02',
    'k8s-wn01',
    'k8s-wn02',
    '--- before: /etc/chrony.conf',
    '+++ after: /etc/chrony.conf',
    '@@ -1,2 +1,3 @@',
    'server ntp0.example.org iburst\n server ntp1.example.org iburst',
    '+server ntp2.example.org iburst',
    '± file /etc/chrony.conf',
    'content',
    'k8s-mn03',
    '--- before: /etc/chrony.conf',
    '+++ after: /etc/chrony.conf',
    '@@ -0,0 +1,3 @@',
    '+server ntp0.example.org iburst',
    '+server ntp1.example.org iburst',
    '+server ntp2.example.org iburst',
  ]);
});

const end = (exitCode: number, changed = 0): RunEvent => ({
  type: 'run-end',
  recap: [recapOf('a', { changed })],
  exitCode,
  ms: 5,
  at: 5,
});

test.each([
  [[], '✖ The run was cut off before its end'],
  [[end(0)], '✔ Nothing to do: everything as wished'],
  [[end(0, 2)], '± 2 changes'],
  [[end(1)], '✖ Failed (exit code 1)'],
  [[end(130)], '✖ Interrupted'],
  [siteRun({ check: true }), '± 10 changes to be made'],
] satisfies [readonly RunEvent[], string][])('the verdict %#: %s', (events, verdict) => {
  expect(pageOf(events)).toMatch(new RegExp(`<p class="verdict [a-z]+">${verdict.replace(/[()]/g, '\\$&')}</p>`));
});

test('a host that was never reached has an empty lane, a removed line is marked', () => {
  const text = pageOf([
    ...sampleRun(),
    resource('mn01', {
      status: 'changed',
      changes: [{ path: 'content', from: 'a', to: 'b', text: { before: 'x\n', after: 'y\n' } }],
    }),
  ]);
  expect(text).toMatch(/<h3>wn02<\/h3><ol class="bars"><\/ol>/);
  expect(text).toContain('<span class="del">-x</span>\n<span class="add">+y</span>');
  expect(text).toContain('<tr class="failed">\n<th scope="row">wn02</th>');
});

test('a play that ended twice or never', () => {
  const gathered = gatherer();
  gathered.show({ type: 'play-end', play: 'none', ms: 1, at: 1 });
  gathered.show({ type: 'play-start', play: 'p', hosts: [], at: 2 });
  gathered.show({ type: 'host-connected', host: 'late', ms: 1, at: 9 });
  expect(gathered.model().plays).toEqual([{ play: 'p', from: 2, to: 2 }]);
  expect(pageOf([{ type: 'play-start', play: 'p', hosts: [], at: 2 }])).toContain('title="p: 0 ms"');
});

test('nothing in a run can become markup, and no secret is shown', () => {
  const evil = `"><script>alert('x')</script>`;
  secret('canary-on-a-page');
  const text = pageOf([
    { type: 'run-start', playbook: evil, check: false, hosts: [evil], at: 0 },
    { type: 'play-start', play: evil, hosts: [evil], at: 0 },
    { type: 'role-start', host: evil, play: evil, role: evil, at: 0 },
    resource(evil, {
      id: evil,
      role: evil,
      status: 'changed',
      changes: [{ path: evil, text: { before: '', after: evil } }],
    }),
    { type: 'note', host: evil, role: evil, text: `canary-on-a-page ${evil}`, at: 1 },
    { type: 'host-failed', host: evil, error: commandFailed(evil, { said: `${evil} canary-on-a-page` }), at: 1 },
  ]);
  expect(text).not.toContain('<script');
  expect(text).not.toContain('canary-on-a-page');
  expect(text).toContain('&lt;script&gt;alert(&#39;x&#39;)');
});

test('markup', () => {
  expect(html`<p>${'<'}${1}${undefined}${html`<b>`}${[html`<i>`, html`</i>`]}</p>`.text).toBe('<p>&lt;1<b><i></i></p>');
});

test('both files are written when their views are closed', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'report-'));
  const views = [htmlView(join(dir, 'a.html')), junitView(join(dir, 'a.xml'))];
  for (const event of siteRun()) for (const view of views) view.show(event);
  await Promise.all(views.map((view) => view.close()));
  expect(readFileSync(join(dir, 'a.html'), 'utf8')).toContain('✖ 1 failure');
  expect(readFileSync(join(dir, 'a.xml'), 'utf8')).toContain('<testsuite name="k8s-mn01"');
  rmSync(dir, { recursive: true });
});
