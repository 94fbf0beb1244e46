import { expect, test } from 'vitest';
import { commandFailed, interrupted, unreachable } from '../../lib/errors.ts';
import type { ExecEvent } from '../../lib/report/exec/events.ts';
import { execView } from '../../lib/report/exec/index.ts';
import { secret } from '../../lib/secret.ts';
import { fake } from './streams.ts';

const line = (host: string, text: string, stream: 'stdout' | 'stderr' = 'stdout'): ExecEvent => ({
  type: 'exec-line',
  host,
  stream,
  line: text,
  at: 1,
});
const exit = (host: string, code = 0): ExecEvent => ({ type: 'exec-exit', host, code, ms: 5, at: 5 });
const begin = (...hosts: readonly string[]): ExecEvent => ({ type: 'exec-start', hosts, at: 0 });
const end = (exitCode = 0): ExecEvent => ({ type: 'exec-end', exitCode, ms: 9, at: 9 });

async function shown(
  events: readonly ExecEvent[],
  over: { fold?: boolean; json?: boolean; env?: NodeJS.ProcessEnv } = {},
) {
  const stdout = fake();
  const stderr = fake();
  const view = execView({ json: false, fold: false, verbose: false, env: {}, ...over, stdout, stderr });
  for (const event of events) view.show(event);
  await view.close();
  return { stdout: stdout.text(), stderr: stderr.text() };
}

test('names in one column; blanks stay, nothing moves the cursor', async () => {
  const events = [
    begin('a', 'long'),
    line('a', '  x  y'),
    line('long', '1%\r2%\r'),
    line('a', '\u001b[2J\u001b[1mz'),
    line('a', ''),
  ];
  expect(await shown([...events, end()])).toMatchObject({ stdout: 'a    |   x  y\nlong | 2%\na    | z\na    |\n' });
});

test('colours, where they are wanted', async () => {
  const { stdout } = await shown([begin('a'), line('a', 'x', 'stderr'), line('a', 'y')], { env: { FORCE_COLOR: '1' } });
  expect(stdout).toBe('\u001b[36ma\u001b[39m \u001b[31m!\u001b[39m \u001b[31mx\u001b[39m\n\u001b[36ma\u001b[39m | y\n');
});

test('equal outputs once: with the same exit code, whatever the order of the two streams', async () => {
  const events: ExecEvent[] = [
    begin('a', 'b', 'c', 'd', 'e', 'f'),
    line('a', 'out'),
    line('a', 'err', 'stderr'),
    exit('a'),
    line('b', 'err', 'stderr'),
    line('b', 'out'),
    exit('b'),
    line('c', 'out'),
    line('c', 'err', 'stderr'),
    exit('c', 3),
    exit('d'),
    { type: 'host-failed', host: 'e', error: unreachable('gone'), at: 3 },
    line('f', 'half'),
    { type: 'host-failed', host: 'f', error: commandFailed('too much'), at: 3 },
    end(2),
  ];
  const { stdout, stderr } = await shown(events, { fold: true });
  expect(stdout).toBe(
    'a, b\n  | out\n  ! err\n\nc (exit 3)\n  | out\n  ! err\n\nd\n  (no output)\n\nf (no exit code)\n  | half\n',
  );
  expect(stderr).toBe(`✖ e: gone
✖ f: too much
exit 0         a, b, d
exit 3         c
Unreachable    e
CommandFailed  f
3 of 6 hosts failed, in 9 ms; again on these alone: --limit 'c,e,f'
`);
});

test.each([
  [[begin('a'), exit('a'), end()], '1 host, exit 0, in 9 ms.\n'],
  [[begin('a', 'b'), exit('a'), exit('b'), end()], '2 hosts, exit 0 everywhere, in 9 ms.\n'],
  [
    [begin('a', 'b'), exit('a'), { type: 'host-failed', host: 'b', error: interrupted('stopped'), at: 1 }, end(130)],
    'exit 0       a\nInterrupted  b\nInterrupted after 9 ms.\n',
  ],
] satisfies [ExecEvent[], string][])('the end %#', async (events, text) => {
  expect(await shown(events)).toEqual({ stdout: '', stderr: text });
});

test.each([{}, { fold: true }, { json: true }])('no secret is shown: %j', async (over) => {
  secret('canary "of" exec');
  const error = commandFailed('canary "of" exec', { said: 'canary "of" exec' });
  const events: ExecEvent[] = [
    begin('a'),
    line('a', 'it is canary "of" exec'),
    { type: 'host-failed', host: 'a', error, at: 1 },
    end(2),
  ];
  const { stdout, stderr } = await shown(events, over);
  expect(`${stdout}${stderr}`).not.toContain('canary');
  expect(stdout).toContain('it is •••••');
});
