import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Done, type JournalHeader, lastRun, newJournal } from '../../lib/run/journal.ts';
import { unfinished } from '../../lib/run/resume.ts';
import { standingText } from '../../lib/run/standing.ts';

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'konverge-journal-')), '.konverge/runs');
});
afterEach(() => rmSync(join(folder, '../..'), { recursive: true, force: true }));

const header = (second: number, more: Partial<JournalHeader> = {}): JournalHeader => ({
  v: 1,
  type: 'run',
  playbook: 'site',
  inventory: '/i/hosts.ts',
  selection: { tags: [], skipTags: [] },
  at: new Date(second * 1000).toISOString(),
  version: '1',
  hosts: ['a'],
  salt: 's',
  ...more,
});
const done = (role: string): Done => ({ host: 'a', play: 'p', role, nth: 0, inputs: 'x' });
const last = () => lastRun(folder, 'site', '/i/hosts.ts');

it('each role stands in it as soon as it is done', () => {
  const journal = newJournal(folder, header(1), [done('first')]);
  journal.add(done('second'));
  expect(last()?.done.map(({ role }) => role)).toEqual(['first', 'second']);
  expect(last()?.completed).toBeUndefined();
  journal.end();
  expect(last()?.completed).toMatch(/^20\d\d-/);
});

it('a torn last line, a line of another kind and a torn file count for nothing', () => {
  newJournal(folder, header(1), [done('first')]);
  const [name = ''] = readdirSync(folder);
  appendFileSync(join(folder, name), '{"type":"later"}\n{"type":"role","host":"a","pl');
  writeFileSync(join(folder, '3000.jsonl'), '{"v":1,"type":"ru');
  expect(last()?.done.map(({ role }) => role)).toEqual(['first']);
});

it('the last run is that of this playbook on this inventory', () => {
  newJournal(folder, header(1), [done('mine')]);
  newJournal(folder, header(2, { playbook: 'verify' }), []);
  newJournal(folder, header(3, { inventory: '/other/hosts.ts' }), []);
  expect(last()?.done.map(({ role }) => role)).toEqual(['mine']);
});

it('the last 20 are kept', () => {
  for (let second = 1; second <= 25; second++) newJournal(folder, header(second), []);
  const kept = readdirSync(folder).toSorted();
  expect(kept).toHaveLength(20);
  expect(readFileSync(join(folder, kept[0] ?? ''), 'utf8')).toContain(new Date(6000).toISOString());
});

it('where hosts stand alike they share a line', () => {
  const left = ['runc', 'verify'];
  const leftOut: readonly string[] = [];
  expect(
    standingText([
      { host: 'a', underWay: 'runc', left, leftOut },
      { host: 'b', underWay: undefined, left, leftOut },
      { host: 'c', underWay: 'runc', left, leftOut },
      { host: 'd', underWay: undefined, left: [], leftOut },
      { host: 'e', underWay: undefined, left: ['verify'], leftOut: ['runc'] },
      { host: 'f', underWay: undefined, left: [], leftOut: ['runc'] },
    ]),
  ).toBe(
    'a, c: in runc; left: runc, verify\nb: before runc; left: runc, verify\nd: done\ne: before verify; left: verify; left out: runc\nf: done; left out: runc\n',
  );
});

it('what is over says when', () => {
  const journal = newJournal(folder, header(1), []);
  expect(unfinished(last(), 'site').at).toBe(header(1).at);
  journal.end();
  expect(() => unfinished(last(), 'site')).toThrow(`did all it was to do, at ${last()?.completed}`);
});
