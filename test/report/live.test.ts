import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { board } from '../../lib/report/board.ts';
import type { RunEvent } from '../../lib/report/events.ts';
import { frame } from '../../lib/report/frame.ts';
import { viewFor } from '../../lib/report/index.ts';
import { noPaint } from '../../lib/report/paint.ts';
import { screen } from '../../lib/report/screen.ts';
import { watchLoop } from '../bench/hundred/loop-watch.ts';
import { invalid, recapOf, resource, sampleRun } from './sample.ts';
import { fake, screenAfter } from './streams.ts';

const flags = { json: false, plain: false, verbose: false, diff: false, check: false, env: {} };
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function frameAfter(events: readonly RunEvent[], lines = 20, columns = 80): readonly string[] {
  const state = board();
  for (const event of events) state.show(event);
  return frame(state, 61_000, { columns, lines }, noPaint);
}

test('one row a host, failures first', () => {
  expect(frameAfter(sampleRun().slice(0, 14)).join('\n')).toMatchInlineSnapshot(`
    "Every node  0 of 3 hosts done  2 failed  1 m 01 s
      host    ok    ±  ✖      time  role · resource
    ✖ mn01     1    0  1            chrony · file /etc/chrony.conf  validation fail…
    ✖ wn02     0    0  1              no route to host
    ⠋ wn01     1    1  0  1 m 00 s  chrony · service chronyd"
  `);
  expect(frameAfter(sampleRun()).join('\n')).toMatchInlineSnapshot(`
    "Every node  1 of 3 hosts done  2 failed  1 m 01 s
      host    ok    ±  ✖      time  role · resource
    ✖ mn01     1    0  1            chrony · file /etc/chrony.conf  validation fail…
    ✖ wn02     0    0  1              no route to host
    ✔ wn01     1    1  0            chrony"
  `);
});

test('a host that has done its last role is done, before the play ends', () => {
  expect(frameAfter(sampleRun().slice(0, 15)).at(-1)).toMatch(/^✔ wn01 /);
  expect(frameAfter(sampleRun().slice(0, 15))[0]).toContain('1 of 3 hosts done');
});

test('live output is shown until the next resource', () => {
  const events = sampleRun().slice(0, 11);
  expect(frameAfter(events).join('\n')).toMatch(/chrony · chronyc waitsync {2}try: 1, refid: 0$/m);
  expect(frameAfter([...events, resource('mn01')]).join('\n')).not.toContain('refid');
});

test('a host that was lost stays lost in the next play; what is done elsewhere counts there', () => {
  const next: RunEvent = { type: 'play-start', play: 'Next', hosts: ['mn01', 'wn01'], at: 700 };
  const rows = frameAfter([...sampleRun().slice(0, -1), next, resource('wn01', { on: 'wn02' })]);
  expect(rows[0]).toBe('Next  0 of 3 hosts done  2 failed  1 m 01 s');
  expect(rows.slice(2).map((row) => row.slice(0, 27).trimEnd())).toEqual([
    '✖ mn01     1    0  1',
    '✖ wn02     1    0  1',
    '· wn01     1    1  0',
  ]);
});

const many = Array.from({ length: 30 }, (_, i) => `h${i}`);
const start: RunEvent = { type: 'run-start', playbook: 'p', check: false, hosts: many, at: 0 };

test('what does not fit is counted; failures, then running hosts come first', () => {
  const events: RunEvent[] = [
    start,
    { type: 'role-start', host: 'h7', play: 'p', role: 'chrony', at: 0 },
    { type: 'host-failed', host: 'h29', error: invalid, at: 0 },
  ];
  const rows = frameAfter(events, 6);
  expect(rows).toHaveLength(6);
  expect(rows.slice(2, 5).map((row) => row.slice(0, 5).trim())).toEqual(['✖ h29', '⠋ h7', '· h0']);
  expect(rows[5]).toBe('  … 27 more hosts: 27 waiting');
  expect(frameAfter(events, 1)).toHaveLength(1);
  expect(frameAfter(events, 3)).toHaveLength(3);
});

test('failures leave half of the rows to the hosts still at work', () => {
  const failed = many.slice(0, 20).map((host): RunEvent => ({ type: 'host-failed', host, error: invalid, at: 0 }));
  const symbols = frameAfter([start, ...failed], 9)
    .slice(2, 8)
    .map((row) => row[0]);
  expect(symbols.join('')).toBe('✖✖✖···');
  const lost = many.map((host): RunEvent => ({ type: 'host-failed', host, error: invalid, at: 0 }));
  expect(frameAfter([start, ...lost], 9).filter((row) => row.startsWith('✖'))).toHaveLength(6);
});

test.each([20, 40, 80])('no line is wider than %d columns', (columns) => {
  const rows = frameAfter(sampleRun().slice(0, 13), 20, columns);
  expect(Math.max(...rows.map((row) => row.length))).toBeLessThanOrEqual(columns);
});

test('only what differs is written', () => {
  const written: string[] = [];
  const drawn = screen((text) => written.push(text));
  drawn.draw(['a', 'b']);
  drawn.draw(['a', 'b']);
  drawn.draw(['a', 'c']);
  expect(written).toHaveLength(2);
  expect(written[1]).not.toContain('a');
  drawn.draw(['a', 'c'], 'above\n');
  drawn.draw(['a']);
  drawn.forget();
  drawn.draw(['a']);
  expect(screenAfter(written.join(''))).toEqual(['above', 'a', '']);
  drawn.close();
  drawn.close();
  expect(screenAfter(written.join(''))).toEqual(['above', '']);
  expect(written).toHaveLength(6);
});

test('in a terminal: rows while it runs, then the recap in their place and the cursor back', async () => {
  const stdout = fake({ isTTY: true, rows: 10 });
  const view = viewFor({ ...flags, stdout });
  const events = sampleRun();
  for (const event of events.slice(0, 13)) view.show(event);
  // The first tick after the first frame waits for listr2 to be loaded.
  await expect.poll(() => screenAfter(stdout.text()).join('\n')).toContain('✖ mn01     1    0  1');
  expect(stdout.text()).toContain('\u001b[?25l');
  expect(screenAfter(stdout.text())[0]).toBe('ℹ wn01 · chrony: the clock was 3 s behind');
  stdout.columns = 60;
  await pause(150);
  for (const event of events.slice(13)) view.show(event);
  await pause(150);
  await view.close();
  const last = screenAfter(stdout.text());
  expect(last[0]).toBe('ℹ wn01 · chrony: the clock was 3 s behind');
  expect(last[2]).toMatch(/^host {3}ok {2}changed/);
  expect(last.join('\n')).not.toContain('role · resource');
  expect(stdout.text().lastIndexOf('\u001b[?25h')).toBeGreaterThan(stdout.text().lastIndexOf('\u001b[?25l'));
  expect(stdout.text().lastIndexOf('\u001b[?7h')).toBeGreaterThan(stdout.text().lastIndexOf('\u001b[?7l'));
});

test('a check tells every change, as there is nothing else to see of it', async () => {
  const stdout = fake({ isTTY: true });
  const view = viewFor({ ...flags, check: true, stdout });
  for (const event of sampleRun(true)) view.show(event);
  await view.close();
  expect(screenAfter(stdout.text()).join('\n')).toContain(
    '± wn01 · chrony · file /etc/chrony.conf: would change: content',
  );
});

test('closed before the run began, or in the middle of it', async () => {
  const before = fake({ isTTY: true });
  await viewFor({ ...flags, stdout: before }).close();
  expect(before.text()).toBe('');
  const stdout = fake({ isTTY: true });
  const view = viewFor({ ...flags, stdout });
  view.show(start);
  await pause(20);
  await view.close();
  expect(stdout.text()).toMatch(/\[\?25l[\s\S]*\[\?25h$/);
});

test.each([
  [{ columns: 0 }, {}],
  [{ isTTY: false }, {}],
  [{}, { TERM: 'dumb' }],
])('plain lines where rows cannot be drawn: %j %j', async (settings, env) => {
  const stdout = fake({ isTTY: true, ...settings });
  const view = viewFor({ ...flags, stdout, env });
  for (const event of sampleRun()) view.show(event);
  await view.close();
  expect(stdout.text()).toContain('— chrony');
  expect(stdout.text()).not.toContain('\u001b[?');
});

test('a terminal that forgets its size in the middle is drawn as 80×24', async () => {
  const stdout = fake({ isTTY: true });
  const view = viewFor({ ...flags, stdout });
  stdout.columns = 0;
  stdout.rows = 0;
  view.show(start);
  await pause(20);
  expect(screenAfter(stdout.text())).toHaveLength(23);
  await view.close();
});

test('100 hosts × 40 events keep the event loop free', async () => {
  const stdout = fake({ isTTY: true, rows: 50 });
  const view = viewFor({ ...flags, stdout });
  const hosts = Array.from({ length: 100 }, (_, i) => `k8s-wn${i}`);
  view.show({ type: 'run-start', playbook: 'site', check: false, hosts, at: 0 });
  await pause(50);
  const watched = watchLoop();
  for (let i = 0; i < 40; i += 1) {
    for (const host of hosts) {
      const line = `line ${i} of what it says`;
      view.show({ type: 'output', host, role: 'kubeadm-join', what: 'kubeadm join', line, at: i });
    }
    await pause(15);
  }
  await pause(150);
  const loop = watched();
  view.show({ type: 'run-end', recap: hosts.map((host) => recapOf(host)), exitCode: 0, ms: 1, at: 1 });
  await view.close();
  // Of its own processor time: what others on the machine do holds nothing up here.
  expect(loop.busyInAll).toBeGreaterThan(10);
  expect(loop.busy).toBeLessThan(50);
  expect(stdout.text().includes('line 39')).toBe(true);
});

test('the cursor is back even when the process ends in the middle', async () => {
  const script = `
    import { viewFor } from ${JSON.stringify(join(import.meta.dirname, '../../lib/report/index.ts'))};
    const stdout = Object.assign(process.stdout, { isTTY: true, columns: 80, rows: 24 });
    const view = viewFor({ json: false, plain: false, verbose: false, diff: false, check: false, stdout });
    view.show({ type: 'run-start', playbook: 'p', check: false, hosts: ['a'], at: 0 });
    setTimeout(() => { throw new Error('a bug'); }, 50);
  `;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const written: string[] = [];
  child.stdout.on('data', (chunk: Buffer) => written.push(chunk.toString()));
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect(code).toBe(1);
  expect(written.join('')).toMatch(/\[\?25l[\s\S]*\[\?7h\S*\[\?25h$/);
});
