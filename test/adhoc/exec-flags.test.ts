import { expect, it } from 'vitest';
import { parseExecFlags, scriptOf } from '../../lib/adhoc/exec-flags.ts';
import { execHelp } from '../../lib/adhoc/exec-help.ts';
import { factsHelp, parseFactsFlags } from '../../lib/adhoc/facts.ts';

it('everything after the two dashes is the command', () => {
  const flags = parseExecFlags(['-l', 'a', '--fold', '--', 'grep', '-v', '--', '--json']);
  expect(flags.words).toEqual(['grep', '-v', '--', '--json']);
  expect(flags).toMatchObject({ limit: 'a', fold: true, json: false, forks: 50, timeoutMs: undefined, verbose: false });
  expect(parseExecFlags(['--timeout', '0.5', '--', 'x']).timeoutMs).toBe(500);
});

it('words are quoted, a single one is a line', () => {
  expect(scriptOf(['ls', '-l', "it's", '*']).text).toBe("ls -l 'it'\\''s' '*'");
  expect(scriptOf(['df -h | tail -n 1']).text).toBe("eval ' df -h | tail -n 1'");
});

it.each([
  [[], /no command/, /-- uptime/],
  [['--'], /no command/, /-- uptime/],
  [['--', ' '], /no command/, /-- uptime/],
  [['uptime'], /unexpected argument 'uptime'/, /-- uptime/],
  [['--fodl', '--', 'x'], /--fodl/, /did you mean --fold/],
  [['--check', '--', 'x'], /--check/, /--help/],
  [['--json', '--fold', '--', 'x'], /--json/, /one of the two/],
  [['--timeout', '0', '--', 'x'], /--timeout '0'/, /--timeout 60/],
  [['--timeout', '1m', '--', 'x'], /--timeout '1m'/, /--timeout 60/],
  [['--timeout', '1e9', '--', 'x'], /--timeout '1e9'/, /--timeout 60/],
  [['--forks', '-1', '--', 'x'], /'-1' looks like a flag/, /--forks 20/],
  [['--forks=-1', '--', 'x'], /--forks '-1'/, /--forks 20/],
  [['-k', 'hunter2', '--', 'x'], /^a password is asked for/, /-k and -K alone/],
])('%j is refused with what to type', (args, message, mend) => {
  expect(() => parseExecFlags(args)).toThrow(
    expect.objectContaining({
      code: 'BadInput',
      message: expect.stringMatching(message),
      details: expect.objectContaining({ mend: expect.stringMatching(mend) }),
    }),
  );
});

it('facts.ts takes no arguments but flags', () => {
  expect(() => parseFactsFlags(['w1', 'w2'])).toThrow(
    expect.objectContaining({ details: expect.objectContaining({ mend: "type --limit 'w1,w2' to select hosts" }) }),
  );
  expect(parseFactsFlags(['--json'])).toMatchObject({ json: true, limit: undefined, forks: 50 });
});

it.each([
  ['exec', execHelp, (flag: string) => parseExecFlags([flag, 'x', '--', 'x'])],
  ['facts', factsHelp, (flag: string) => parseFactsFlags([flag, 'x'])],
])('the help of %s fits one screen and names flags that exist', (_, help, parse) => {
  expect(help.split('\n').length).toBeLessThanOrEqual(50);
  expect(Math.max(...help.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  const named = help.match(/(?<=\s)--[a-z][a-z-]*/g) ?? [];
  expect(named.length).toBeGreaterThan(5);
  const said = named.map((flag) => {
    try {
      return String(parse(flag).help);
    } catch (error) {
      return String(error);
    }
  });
  expect(said.filter((each) => each.includes('unknown option'))).toEqual([]);
});
