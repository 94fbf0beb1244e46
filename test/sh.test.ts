import { spawnSync } from 'node:child_process';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { type Secret, secret } from '../lib/secret.ts';
import { lines, quote, type Script, sh } from '../lib/sh.ts';

const shells = [
  ['dash', '-c'],
  ['bash', '--posix', '-c'],
  ['busybox', 'sh', '-c'],
];
const awkward = [
  '',
  ' ',
  'a b',
  "it's",
  '"q"',
  '$HOME',
  '`id`',
  '$(id)',
  '\\',
  '\\n',
  'a\nb',
  '*',
  '~',
  '-n',
  '!x',
  '#',
  '€ 漢字',
  ';&|<>',
  "'''",
  '\t',
];

describe.each(shells)('%s', (program, ...args) => {
  it.each(awkward.map((word) => [word]))('reads back %j', (word) => {
    const done = spawnSync(program ?? '', [...args, sh`printf %s ${word}`.text], { encoding: 'utf8' });
    expect(done).toMatchObject({ stdout: word, stderr: '', status: 0 });
  });

  it('keeps the words of an array apart', () => {
    const done = spawnSync(program ?? '', [...args, sh`for w in ${awkward}; do printf '[%s]' "$w"; done`.text], {
      encoding: 'utf8',
    });
    expect(done.stdout).toBe(awkward.map((word) => `[${word}]`).join(''));
  });
});

describe('sh', () => {
  it('leaves harmless words alone', () => expect(quote('/etc/a-b_c.conf')).toBe('/etc/a-b_c.conf'));
  it('refuses a NUL', () => expect(() => quote('a\0b')).toThrow(TypeError));
  it('renders numbers', () => expect(sh`exit ${3}`.text).toBe('exit 3'));
  it('inserts scripts as they are', () =>
    expect(sh`if ${sh`test -e ${'a b'}`}; then :; fi`.text).toBe("if test -e 'a b'; then :; fi"));
  it('keeps backslashes as typed', () =>
    expect(sh`printf 'a\n' | sed 's/\(.\)/\1/'`.text).toBe(String.raw`printf 'a\n' | sed 's/\(.\)/\1/'`));
  it('unescapes what the template literal needs', () => expect(sh`echo \${x#y} \`id\``.text).toBe('echo ${x#y} `id`'));
  it('joins scripts by lines', () => expect(lines(sh`a`, sh`b`).text).toBe('a\nb'));
  it('never turns what is not there into nothing, whatever the compiler was told', () => {
    const folders: string[] = [];
    const folder = folders[0] as string;
    expect(() => sh`rm -rf ${folder}/*`).toThrow("sh: the value after 'rm -rf' is undefined");
    expect(() => sh`ls ${JSON.parse('null')}`).toThrow("sh: the value after 'ls' is null");
    expect(() => sh`ls ${['a', folder]}`).toThrow("sh: the list after 'ls' holds undefined, which is no word");
    expect(() => sh`sleep ${Number('soon')}`).toThrow("sh: the number after 'sleep' is NaN");
  });
  it('takes no secret', () => {
    // @ts-expect-error a secret travels on stdin, never in a command
    expect(() => sh`login ${secret('hunter22')}`).toThrow(/secrets go on stdin/);
    expectTypeOf<Secret<string>>().not.toExtend<Script>();
  });
});
