import { describe, expect, it } from 'vitest';
import { asKonvergeError, type KonvergeError } from '../../lib/errors.ts';
import { parseFlags, siteFlags } from '../../lib/run/flags.ts';
import { helpText } from '../../lib/run/help.ts';

function thrownBy(action: () => unknown): KonvergeError | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    return asKonvergeError(error);
  }
}

describe('flags', () => {
  it('have quiet defaults', () => {
    expect(parseFlags([])).toMatchObject({ check: false, tags: [], skipTags: [], forks: 50, list: undefined });
  });

  it('take lists by comma and by repetition', () => {
    expect(parseFlags(['--tags', 'a,b', '-t', 'c', '--skip-tags=d , e'])).toMatchObject({
      tags: ['a', 'b', 'c'],
      skipTags: ['d', 'e'],
    });
  });

  it('ask for passwords as Ansible’s do', () => {
    expect(parseFlags(['-kK'])).toMatchObject({ askPass: true, askBecomePass: true });
    expect(parseFlags(['--ask-become-pass'])).toMatchObject({ askPass: false, askBecomePass: true });
  });

  it.each([
    [['-k', 'hunter2'], /^a password is asked for/, /-k and -K alone/],
    [['--ask-pas'], /--ask-pas/, /did you mean --ask-pass/],
    [['--ask-pass=hunter2'], /^--ask-pass takes no value$/, /type --ask-pass alone/],
    [['--chekc'], /--chekc/, /did you mean --check/],
    [['--forks', '0'], /--forks '0'/, /--forks 20/],
    [['--forks', 'many'], /--forks 'many'/, /--forks 20/],
    [['--limit'], /--limit needs a value/, /--limit 'workers:!wn02'/],
    [['--limit', '--check'], /'--check' looks like a flag/, /--limit=--check/],
    [['--limit', ''], /--limit is empty/, /leave it out/],
    [['--limit', 'a', '-l', 'b'], /-l is given twice/, /type -l once/],
    [['--tags', ','], /--tags ',' names no tag/, /--tags chrony,haproxy/],
    [['--exit-code'], /--exit-code tells what --check finds/, /type --check --exit-code/],
    [['--json', '--plain'], /--json/, /one of the two/],
    [['--extra-vars', 'a=b'], /--extra-vars/, /type -e key=value/],
    [['-x'], /unknown option '-x'/, /see --help/],
    [['chrony'], /unexpected argument 'chrony'/, /--tags chrony,haproxy/],
    [['--list-tasks', '--list-hosts'], /only one --list/, /--list-tasks alone/],
    [['--zzzzzzzz'], /--zzzzzzzz/, /--help/],
  ])('%j is refused with what to type', (args, message, mend) => {
    const error = thrownBy(() => parseFlags(args));
    expect(error).toMatchObject({ code: 'BadInput', message: expect.stringMatching(message) });
    expect(error).toMatchObject({ details: { mend: expect.stringMatching(mend) } });
  });

  it('are all in the help, which fits one screen', () => {
    const help = helpText('site');
    expect(help.split('\n').length).toBeLessThanOrEqual(50);
    expect(Math.max(...help.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    for (const flag of Object.keys(siteFlags)) {
      expect(help).toMatch(new RegExp(`--${flag}\\b`));
    }
  });
});
