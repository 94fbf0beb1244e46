import { expect, test } from 'vitest';
import { patternItems } from '../../lib/plan/pattern-items.ts';
import { type PatternWorld, selectHosts } from '../../lib/plan/patterns.ts';

const files: Record<string, string> = {
  'retry.txt': 'b\n# the rest is fine\n\n  c  # slow\n',
  'not-b.txt': '!b\n',
  'empty.txt': '\n#\n',
};

const world: PatternWorld = {
  hosts: ['a', 'b', 'c', 'd', 'dead', 'fe80::1', 'web-1.lan', 'web-2.lan'],
  groups: new Map([
    ['g1', ['a', 'b']],
    ['g2', ['b', 'c']],
    ['g3', ['d', 'dead']],
    ['six', ['fe80::1']],
    ['web', ['web-1.lan', 'web-2.lan']],
    ['none', []],
  ]),
  readFile(path) {
    const text = files[path];
    if (text === undefined) throw new Error('ENOENT');
    return text;
  },
};

const everything = world.hosts.join(' ');

test.each([
  ['', everything],
  [' , ,', everything],
  ['all', everything],
  ['*', everything],
  ['g1:g2', 'a b c'],
  ['g1,g2', 'a b c'],
  ['g1:&g2', 'b'],
  ['g1,&g2', 'b'],
  ['g1:!b', 'a'],
  ['g1: ! b', 'a'],
  ['!a:g1', 'b'],
  ['!b:!web:!six', 'a c d dead'],
  ['&g1', 'a b'],
  ['&g1:&g2', 'b'],
  ['c:a', 'a c'],
  ['a::b:', 'a b'],
  ['none:a', 'a'],
  // regular expressions
  ['~[ab]$', 'a b'],
  ['~a|b', 'a b'],
  ['~d', 'd dead'],
  ['~web-(?:1|2)', 'web-1.lan web-2.lan'],
  ['~[a-z]{1,2}$:!g3', 'a b c'],
  ['~g[12]$', 'a b c'],
  // globs
  ['g*', 'a b c d dead'],
  ['g?:&?', 'a b c d'],
  ['web-[12].*', 'web-1.lan web-2.lan'],
  ['web-[!1]*', 'web-2.lan'],
  ['[^ab]', 'a b'],
  // slices
  ['g1[0]', 'a'],
  ['g1[-1]', 'b'],
  ['g1[0:1]', 'a b'],
  ['web[1:]', 'web-2.lan'],
  ['web[-2:-1]', 'web-1.lan web-2.lan'],
  ['all[0:2]:!g2[0]', 'a c'],
  ['g1[0:9]', 'a b'],
  // addresses
  ['fe80::1', 'fe80::1'],
  ['!fe80::1', 'a b c d dead web-1.lan web-2.lan'],
  ['[fe80::1]:a', 'a fe80::1'],
  ['fe80::1,a', 'a fe80::1'],
  // files
  ['@retry.txt', 'b c'],
  ['g1:&@retry.txt', 'b'],
  ['g1:!@retry.txt', 'a'],
  ['g1:@not-b.txt', 'a'],
  ['&@retry.txt', 'b c'],
])('%s selects %s', (pattern, hosts) => {
  expect(selectHosts(pattern, world)).toEqual({ hosts: hosts.split(' ') });
});

test.each([
  ['g1:!G2', "no host or group is named 'G2'", "did you mean 'g2'?"],
  ['dea', "no host or group is named 'dea'", "did you mean 'dead'?"],
  ['A', "no host or group is named 'A'", "did you mean 'a'?"],
  ['kubernetes', "no host or group is named 'kubernetes'", undefined],
  ['g9[0]', "nothing matches 'g9[0]'", undefined],
  ['x*', "nothing matches 'x*'", undefined],
  ['g1:!x*', "nothing matches 'x*'", undefined],
  ['~x', "nothing matches '~x'", undefined],
  ['g1[2]', "'g1[2]' is past the end: the group has 2 hosts, the first is [0]", undefined],
  ['g1[-3]', "'g1[-3]' is past the end: the group has 2 hosts, the first is [0]", undefined],
  ['g1[1:0]', "'g1[1:0]' is past the end: the group has 2 hosts, the first is [0]", undefined],
  ['g1[0:-4]', "'g1[0:-4]' is past the end: the group has 2 hosts, the first is [0]", undefined],
  ['none', "'none' selects no host", 'see --list-hosts for what there is'],
  ['g1:!g1', "'g1:!g1' selects no host", 'see --list-hosts for what there is'],
  ['@missing.txt', "cannot read 'missing.txt': ENOENT", undefined],
  [
    'g1:!@not-b.txt',
    "'!b' in 'not-b.txt' has no meaning, as the file itself is given with & or !",
    'list plain names in such a file',
  ],
])('%s is refused: %s', (pattern, message, mend) => {
  expect(selectHosts(pattern, world)).toEqual({ problems: [mend === undefined ? { message } : { message, mend }] });
});

test('a broken regular expression, a file without a reader, and all problems at once', () => {
  const { readFile: _, ...without } = world;
  const { problems } = selectHosts('~(:nosuch', without);
  expect(problems?.[0]?.message).toMatch(/^'~\(:nosuch' is not a regular expression: SyntaxError/);
  const throws = { ...world, readFile: (): string => JSON.parse('{') };
  expect(selectHosts('@x', throws).problems?.[0]?.message).toMatch(/^cannot read 'x': /);
  expect(selectHosts('@x,nix,zilch', without).problems?.map(({ message }) => message)).toEqual([
    "'x' names no host",
    "no host or group is named 'nix'",
    "no host or group is named 'zilch'",
  ]);
});

test.each(['@empty.txt', 'a:@empty.txt', '&@empty.txt', 'a:!@empty.txt'])(
  '%s: an empty file is no limit',
  (pattern) => {
    expect(selectHosts(pattern, world)).toEqual({ problems: [{ message: "'empty.txt' names no host" }] });
  },
);

test('what throws something that is no error is still told', () => {
  const odd = {
    ...world,
    readFile(): string {
      throw 'gone';
    },
  };
  expect(selectHosts('@x', odd)).toEqual({ problems: [{ message: "cannot read 'x': gone" }] });
});

test('items keep what belongs together', () => {
  expect(patternItems('a[0:1]:&~(b|c:d){1,2}:!e')).toEqual([
    { op: '+', name: 'a[0:1]' },
    { op: '&', name: '~(b|c:d){1,2}' },
    { op: '!', name: 'e' },
  ]);
  expect(patternItems('a]:b')).toEqual([
    { op: '+', name: 'a]' },
    { op: '+', name: 'b' },
  ]);
});
