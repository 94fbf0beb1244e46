import { describe, expect, test } from 'vitest';
import { originAt, originText, plain, treeAt } from '../../lib/inventory/tree.ts';
import { readVars } from '../../lib/inventory/yaml-tree.ts';

const read = (text: string, env = {}) => readVars(text, 'v.yaml', env);
const told = (text: string, env = {}) =>
  read(text, env).problems.map(({ origin, path, message, mend }) => [
    originText(origin),
    path.join('.'),
    message,
    mend,
  ]);

describe('values', () => {
  test('YAML 1.2: off and yes are text, 0644 is a number, numbers keep their text', () => {
    const { tree } = read('a: off\nb: yes\nc: 0644\nd: 1.30\ne: ~\nf: true\n');
    expect(tree && plain(tree)).toEqual({ a: 'off', b: 'yes', c: 644, d: 1.3, e: null, f: true });
    expect(tree && treeAt(tree, ['d'])).toMatchObject({ value: 1.3, source: '1.30' });
  });

  test('keys are text, as they were typed', () => {
    const { tree } = read('1.30: a\ntrue: b\n"x y": c\n');
    expect(tree && plain(tree)).toEqual({ '1.30': 'a', true: 'b', 'x y': 'c' });
  });

  test('a key named __proto__ is only a key', () => {
    const { tree } = read('__proto__: { polluted: 1 }\n');
    expect(JSON.stringify(tree && plain(tree))).toBe('{"__proto__":{"polluted":1}}');
  });

  test.each(['', '# nothing\n', '---\n', '~\n'])('%j is a file without vars', (text) => {
    expect(read(text)).toMatchObject({ tree: { kind: 'map' }, problems: [] });
  });
});

describe('places', () => {
  const { tree } = read('a:\n  b:\n    - x\n    - y: 1\n  c: {d: 2}\n');
  const at = (...path: (string | number)[]) => (tree === undefined ? '' : originText(originAt(tree, path)));

  test('every key and item has its own', () => {
    expect(at('a')).toBe('v.yaml:1:1');
    expect(at('a', 'b', 0)).toBe('v.yaml:3:7');
    expect(at('a', 'b', 1, 'y')).toBe('v.yaml:4:7');
    expect(at('a', 'c', 'd')).toBe('v.yaml:5:7');
  });

  test('what is not there has the place around it', () => {
    expect(at('a', 'c', 'e')).toBe('v.yaml:5:3');
    expect(at('z', 'y')).toBe('v.yaml:1:1');
    expect(at('a', 'b', 9)).toBe('v.yaml:2:3');
    expect(at('a', 'c', 'd', 'e')).toBe('v.yaml:5:7');
  });
});

describe('anchors', () => {
  test('aliases and merge keys, with the places of what they stand for', () => {
    const { tree, problems } = read('x: &x { p: 1, q: 1 }\ny: &y { q: 2, r: 2 }\na: *x\nb:\n  <<: [*x, *y]\n  p: 3\n');
    expect(problems).toEqual([]);
    expect(tree && plain(tree)).toMatchObject({ a: { p: 1, q: 1 }, b: { p: 3, q: 1, r: 2 } });
    expect(tree && originText(originAt(tree, ['b', 'r']))).toBe('v.yaml:2:15');
    expect(tree && originText(originAt(tree, ['a']))).toBe('v.yaml:3:1');
  });

  test.each([
    ['a: *x\n', 'v.yaml:1:1', 'nothing is named &x'],
    ['a: &a { b: *a }\n', 'v.yaml:1:9', '&a holds itself'],
    ['a: { <<: 3 }\n', 'v.yaml:1:6', '<< takes a map, such as *name'],
    ['a: { <<: [[]] }\n', 'v.yaml:1:6', '<< takes a map, such as *name'],
  ])('%j is refused', (text, place, message) => {
    expect(told(text)).toEqual([[place, expect.anything(), message, undefined]]);
  });
});

describe('mistakes', () => {
  test.each([
    ['a:\n\t- b\n', 'v.yaml:2:1', 'indent with spaces, YAML knows no tabs'],
    ['a: b: c\n', 'v.yaml:1:4', 'quote a value that holds ": ", or begin a new line'],
    ['a: "x\n', 'v.yaml:2:1', 'close the quote or bracket, or put the missing colon'],
    ['a: [1,\n', 'v.yaml:2:1', 'line it up with its neighbours, and close every bracket'],
    ['a: 1\n---\nb: 2\n', 'v.yaml:2:1', 'remove the second ---: one file holds one map'],
    ['a: @x\n', 'v.yaml:1:4', 'quote a value that begins with @ or `'],
    ['a: !secret x\n', 'v.yaml:1:4', 'the tags known here are !env NAME and !age'],
  ])('%j', (text, place, mend) => {
    const [first] = told(text);
    expect(first?.[0]).toBe(place);
    expect(first?.[3]).toBe(mend);
  });

  test('a broken text is only that', () => {
    expect(read('a: [1,\nb: 2\nb: 3\n').tree).toBeUndefined();
  });

  test('a key given twice, whatever the depth', () => {
    expect(told('a:\n  b: 1\n  b: 2\n  b: 3\n').map(([place, path]) => [place, path])).toEqual([
      ['v.yaml:3:3', 'a.b'],
      ['v.yaml:4:3', 'a.b'],
    ]);
    expect(told('a: 1\na: 2\n')[0]?.[2]).toContain('first at v.yaml:1:1');
  });

  test.each(['- a\n', 'text\n'])('%j is no map', (text) => {
    expect(told(text)).toEqual([['v.yaml:1:1', '', 'must be a map of vars', undefined]]);
  });

  test('a key that is a list', () => {
    expect(told('? [a]\n: 1\n? ~\n: 2\n').map(([place, , message]) => [place, message])).toEqual([
      ['v.yaml:1:3', 'a key must be plain text'],
      ['v.yaml:3:3', 'a key must be plain text'],
    ]);
  });
});

describe('!env', () => {
  test('takes the value from the environment and says so', () => {
    const { tree, problems } = read('a: !env PASS\n', { PASS: '12345' });
    expect(problems).toEqual([]);
    expect(tree && treeAt(tree, ['a'])).toMatchObject({ value: '12345', env: 'PASS' });
  });

  test('unset and empty are problems', () => {
    const mend = 'export PASS=… before the run, or remove the line';
    expect(told('a: !env PASS\n')).toEqual([['v.yaml:1:1', 'a', 'the environment variable PASS is not set', mend]]);
    expect(told('- !env PASS\n', { PASS: '' })[0]?.[2]).toBe('the environment variable PASS is empty');
  });
});
