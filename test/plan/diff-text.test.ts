import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fold, unifiedDiff } from '../../lib/plan/diff-text.ts';

const lines = (count: number, word: string): string =>
  Array.from({ length: count }, (_, i) => `${word} ${i}\n`).join('');

test('a change, with three lines around it', () => {
  const before = lines(9, 'line');
  const after = before.replace('line 4', 'line four');
  expect(unifiedDiff('/etc/a.conf', { before, after })).toMatchInlineSnapshot(`
    "--- before: /etc/a.conf
    +++ after: /etc/a.conf
    @@ -2,7 +2,7 @@
     line 1
     line 2
     line 3
    -line 4
    +line four
     line 5
     line 6
     line 7"
  `);
  expect(unifiedDiff('/etc/a.conf', { before, after }, { context: 0 })).toContain('@@ -5 +5 @@\n-line 4\n+line four');
});

test('a new file, one that goes, and none', () => {
  expect(unifiedDiff('/n', { after: 'x\ny\n' })).toBe('--- before\n+++ after: /n\n@@ -0,0 +1,2 @@\n+x\n+y');
  expect(unifiedDiff('/n', { before: 'x\n' })).toBe('--- before: /n\n+++ after\n@@ -1 +0,0 @@\n-x');
  expect(unifiedDiff('/n', { before: 'x\n', after: 'x\n' })).toBe('');
});

test('a missing newline at the end is said', () => {
  expect(unifiedDiff('/n', { before: 'x\n', after: 'x' })).toBe(
    '--- before: /n\n+++ after: /n\n@@ -1 +1 @@\n-x\n+x\n\\ No newline at end of file',
  );
});

test('what cannot or should not be shown is counted', () => {
  const sizes = '8 → 4 characters';
  expect(unifiedDiff('/n', { before: 'ab\0c\nd\n\n', after: 'abc\n' })).toContain(`(not text: ${sizes})`);
  expect(unifiedDiff('/n', { before: 'abcdefg\n', after: 'abc\n' }, { maxSize: 11 })).toContain(
    `(too large to show: ${sizes})`,
  );
  expect(unifiedDiff('/n', { before: lines(900, 'a'), after: lines(900, 'b') })).toMatch(
    /\(more than 800 lines differ: .*\)$/,
  );
  const cut = unifiedDiff('/n', { after: lines(3000, 'new') }, { maxLines: 3 });
  expect(cut.split('\n').slice(2)).toEqual(['@@ -0,0 +1,3000 @@', '+new 0', '+new 1', '(… 2998 more lines)']);
});

test('git-apply(1) makes the new text of the old one with it', () => {
  const dir = mkdtempSync(join(tmpdir(), 'diff-'));
  const before = `${lines(40, 'same')}old\n${lines(40, 'more')}gone\nend`;
  const after = `first\n${lines(40, 'same')}new\n${lines(40, 'more')}end\n`;
  const file = join(dir, 'file');
  writeFileSync(file, before);
  const patch = unifiedDiff('/etc/file', { before, after }).replace(/^.*\n.*\n/, '--- a/file\n+++ b/file\n');
  execFileSync('git', ['apply', '-'], { cwd: dir, input: `${patch}\n` });
  expect(readFileSync(file, 'utf8')).toBe(after);
  rmSync(dir, { recursive: true });
});

test('equal diffs of several hosts become one', () => {
  const entries = [
    { text: 'A', of: 'mn01' },
    { text: 'B', of: 'mn02' },
    { text: 'A', of: 'mn03' },
  ];
  expect(fold(entries)).toEqual([
    { text: 'A', of: ['mn01', 'mn03'] },
    { text: 'B', of: ['mn02'] },
  ]);
  expect(fold([])).toEqual([]);
});
