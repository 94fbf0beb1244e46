import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commandFailed, KonvergeError } from '../../lib/errors.ts';
import { escape } from '../../lib/report/escape.ts';
import { fileView } from '../../lib/report/file-view.ts';
import { junitDocument } from '../../lib/report/junit.ts';
import { secret } from '../../lib/secret.ts';
import { resource, sampleRun } from './sample.ts';

test('a suite a host, a case a resource', () => {
  const document = junitDocument(new Date('2026-03-04T05:06:07Z'));
  for (const event of sampleRun()) document.show(event);
  expect(document.text()).toMatchInlineSnapshot(`
    "<?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="site" tests="5" failures="1" errors="1" skipped="0" time="0.662">
      <testsuite name="mn01" hostname="mn01" timestamp="2026-03-04T05:06:07" tests="2" failures="1" errors="0" skipped="0" time="0.024">
        <testcase classname="mn01.chrony" name="package chrony" time="0.012"/>
        <testcase classname="mn01.chrony" name="file /etc/chrony.conf" time="0.012"><failure type="CommandFailed" message="mn01 · chrony · file /etc/chrony.conf: validation failed, it changed nothing">✖ mn01 · chrony · file /etc/chrony.conf: validation failed, it changed nothing
      ran   chronyd -p -f /etc/.chrony.conf.a1b2   (root, exit 1, 0.2 s)
      said  Could not parse directive \`servr\` at line 3
      from  roles/chrony/index.ts:22
      mend  fix the template and run again: npx tsx playbooks/site.ts --tags chrony --limit mn01</failure></testcase>
      </testsuite>
      <testsuite name="wn01" hostname="wn01" timestamp="2026-03-04T05:06:07" tests="2" failures="0" errors="0" skipped="0" time="0.222">
        <testcase classname="wn01.chrony" name="file /etc/chrony.conf" time="0.210"><system-out>changed: content</system-out></testcase>
        <testcase classname="wn01.chrony" name="service chronyd" time="0.012"/>
      </testsuite>
      <testsuite name="wn02" hostname="wn02" timestamp="2026-03-04T05:06:07" tests="1" failures="0" errors="1" skipped="0" time="0.000">
        <testcase classname="wn02.Every node" name="Unreachable" time="0.000"><error type="Unreachable" message="wn02: no route to host">✖ wn02: no route to host
      mend  is it up?</error></testcase>
      </testsuite>
    </testsuites>
    "
  `);
});

test('a failed resource without a reason, a failure without a resource, awkward names', () => {
  const document = junitDocument();
  document.show(resource('a', { status: 'failed', id: `<&"'>\u0001\ud800\uffff` }));
  document.show(resource('b', { status: 'would-change', changes: [{ path: 'mode', from: '1', to: '2' }] }));
  document.show({ type: 'host-failed', host: 'b', error: commandFailed('facts'), at: 7 });
  const text = document.text();
  expect(text).toContain('name="file &lt;&amp;&quot;&#39;&gt;\ufffd" time="0.012"><failure/>');
  expect(text).toContain('<system-out>would-change: mode 1 → 2</system-out>');
  expect(text).toContain('<testcase classname="b." name="CommandFailed" time="0.000"><failure type="CommandFailed"');
  expect(text).toContain('<testsuites name="konverge" tests="3" failures="2" errors="0" skipped="0" time="0.007">');
});

test('it is well-formed: elements nest, attributes are quoted, nothing is left bare', () => {
  const document = junitDocument();
  for (const event of sampleRun()) document.show(event);
  document.show(resource('x', { id: ']]> &amp; <b>\u000b' }));
  const tags = document.text().match(/<[^>]*>/g) ?? [];
  const open: string[] = [];
  for (const tag of tags.slice(1)) {
    const name = /^<\/?([a-z-]+)/.exec(tag)?.[1] ?? '';
    if (!tag.startsWith('</') && !tag.endsWith('/>')) open.push(name);
    const closed = tag.startsWith('</') ? open.pop() : name;
    expect(closed).toBe(name);
    expect(tag).toMatch(/^<\/?[a-z-]+( [a-z]+="[^"<&]*(&(amp|lt|gt|quot|#39);[^"<&]*)*")*\/?>$/);
  }
  expect(open).toEqual([]);
});

test('the file is there when the view is closed, whole, and without secrets', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'junit-'));
  const path = join(dir, 'out.xml');
  secret('canary-in-a-file');
  const view = fileView(path, { show: () => undefined, text: () => 'a canary-in-a-file b' });
  expect(readdirSync(dir)).toEqual(['out.xml.part']);
  view.show({ type: 'play-end', play: 'p', ms: 1, at: 1 });
  await view.close();
  expect(readFileSync(path, 'utf8')).toBe('a ••••• b');
  expect(readdirSync(dir)).toEqual(['out.xml']);
  rmSync(dir, { recursive: true });
});

test('a file that cannot be written is refused before the run', () => {
  expect(() => fileView('/nonexistent/folder/out.xml', junitDocument())).toThrow(KonvergeError);
  expect(() => fileView('/nonexistent/folder/out.xml', junitDocument())).toThrow(
    /cannot write '\/nonexistent\/folder\/out.xml': ENOENT/,
  );
});

test('escape', () => {
  expect(escape('a\u001b[31m<b>\u001b[0m')).toBe('a&lt;b&gt;');
});
