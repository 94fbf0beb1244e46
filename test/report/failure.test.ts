import { expect, test } from 'vitest';
import { badInput, commandFailed, KonvergeError, unreachable } from '../../lib/errors.ts';
import { failureLine, failureText } from '../../lib/report/failure.ts';
import { invalid } from './sample.ts';

test('what, where, what was run, what it said, from where, how to mend it', () => {
  expect(failureText(invalid)).toMatchInlineSnapshot(`
    "✖ mn01 · chrony · file /etc/chrony.conf: validation failed, it changed nothing
      ran   chronyd -p -f /etc/.chrony.conf.a1b2   (root, exit 1, 0.2 s)
      said  Could not parse directive \`servr\` at line 3
      from  roles/chrony/index.ts:22
      mend  fix the template and run again: npx tsx playbooks/site.ts --tags chrony --limit mn01"
  `);
});

test.each([
  [badInput('no such file.'), 'no such file'],
  [commandFailed('failed', { place: { host: 'a' } }), 'a: failed'],
  [
    commandFailed('failed', { place: { host: 'a', resource: 'file /x' }, touched: true }),
    'a · file /x: failed, the host may have been changed',
  ],
  [
    commandFailed('failed, /x was not touched', { place: { host: 'a' }, touched: false }),
    'a: failed, /x was not touched',
  ],
  [unreachable('wn01: no route', { place: { host: 'wn01', role: 'chrony' } }), 'wn01 · chrony: no route'],
  [unreachable('wn02: no route', { place: { host: 'wn01' } }), 'wn01: wn02: no route'],
  [new KonvergeError('Odd', ''), 'Odd'],
] satisfies [KonvergeError, string][])('%s: %s', (error, line) => {
  expect(failureLine(error)).toBe(line);
  expect(failureText(error)).toBe(`✖ ${line}`);
});

test('of a long output the end is shown, with --verbose all of it', () => {
  const said = Array.from({ length: 30 }, (_, i) => `line ${i}`).join('\n');
  const short = failureText(commandFailed('failed', { said })).split('\n');
  expect(short.slice(1, 3)).toEqual(['  said  (10 lines before, see --verbose)', '        line 10']);
  expect(short.at(-1)).toBe('        line 29');
  expect(failureText(commandFailed('failed', { said }), { verbose: true })).toContain(
    '  said  line 0\n        line 1\n',
  );
});

test('--verbose adds the stack and its causes, no more than five deep', () => {
  let cause: Error = new Error('the bottom');
  for (const i of [5, 4, 3, 2, 1]) cause = new Error(`reason ${i}`, { cause });
  const text = failureText(commandFailed('failed', { cause }), { verbose: true });
  expect(text).toMatch(/\n {2}stack CommandFailed: failed|\n {2}stack Error: failed/);
  expect(text).toContain('\n  cause Error: reason 4');
  expect(text).not.toContain('the bottom');
  expect(failureText(commandFailed('failed', { cause }))).toBe('✖ failed');
  const bare = new Error('no stack');
  delete bare.stack;
  expect(failureText(commandFailed('failed', { cause: bare }), { verbose: true })).toContain('cause Error: no stack');
});

test('a host cannot move the cursor, colour the text or reverse it', () => {
  const text = failureText(commandFailed('a\u001b[2J\u202eb', { said: '\u001b]0;title\u0007x\u0008y\r\nz' }));
  expect(text).toBe('✖ ab\n  said  xy\n        z');
});
