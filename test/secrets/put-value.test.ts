import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { putAgeValue } from '../../lib/secrets/put-value.ts';
import { ageValuesIn, parseVarsText, replaceAgeValues } from '../../lib/secrets/vars-text.ts';
import { root } from '../house/imports.ts';

const armored = 'BEGIN\nabc\nEND\n';
const put = (text: string, ...path: readonly (string | number)[]) => putAgeValue(text, 'f.yaml', path, armored);

describe('a value is put into a text', () => {
  test.each<readonly [string, string, readonly (string | number)[], string]>([
    ['in place of a plain one', 'a: x # why\nb: 1\n', ['a'], 'a: !age | # why\n  BEGIN\n  abc\n  END\nb: 1\n'],
    [
      'deep inside',
      'a:\n    b:   x\nc: 1\n',
      ['a', 'b'],
      'a:\n    b: !age |\n      BEGIN\n      abc\n      END\nc: 1\n',
    ],
    ['in place of !env', 'a: !env X\n', ['a'], 'a: !age |\n  BEGIN\n  abc\n  END\n'],
    ['in place of an older one', 'a: !age |\n  OLD\n\nb: 1\n', ['a'], 'a: !age |\n  BEGIN\n  abc\n  END\n\nb: 1\n'],
    ['in place of quoted text', 'a: "x\n  y" # z\n', ['a'], 'a: !age | # z\n  BEGIN\n  abc\n  END\n'],
    ['without a line end', 'a: x', ['a'], 'a: !age |\n  BEGIN\n  abc\n  END'],
    ['of a map on one line', 'a: { b: x, c: 1 }\n', ['a', 'b'], 'a: { b: !age "BEGIN\\nabc\\nEND\\n", c: 1 }\n'],
    ['of a list', 'a:\n  - x\n  - y\n', ['a', 1], 'a:\n  - x\n  - !age |\n    BEGIN\n    abc\n    END\n'],
    ['of a map in a list', 'a:\n  - k: x\n', ['a', 0, 'k'], 'a:\n  - k: !age |\n      BEGIN\n      abc\n      END\n'],
    ['at the end', 'a: 1\n# end\n', ['b'], 'a: 1\nb: !age |\n  BEGIN\n  abc\n  END\n# end\n'],
    ['without a line end there', 'a: 1', ['b'], 'a: 1\nb: !age |\n  BEGIN\n  abc\n  END\n'],
    ['into nothing', '', ['b', 'c'], 'b:\n  c: !age |\n    BEGIN\n    abc\n    END\n'],
    ['into comments alone', '# hi\n', ['b'], '# hi\nb: !age |\n  BEGIN\n  abc\n  END\n'],
    [
      'at the end of its map',
      'm:\n  a: 1 # one\n  # two\n\n# of n\nn: 1\n',
      ['m', 'b'],
      'm:\n  a: 1 # one\n  b: !age |\n    BEGIN\n    abc\n    END\n  # two\n\n# of n\nn: 1\n',
    ],
    [
      'below a key without a value',
      'm: # hi\n  # foo\nn: 1\n',
      ['m', 'b'],
      'm: # hi\n  b: !age |\n    BEGIN\n    abc\n    END\n  # foo\nn: 1\n',
    ],
    ['for a key that YAML would misread', 'a: 1\n', ['b.c'], 'a: 1\n"b.c": !age |\n  BEGIN\n  abc\n  END\n'],
  ])('%s', (_, text, path, wished) => {
    expect(put(text, ...path)).toBe(wished);
  });

  test('the files of this repository: nothing else changes', () => {
    const text = readFileSync(join(root, 'group_vars/control-plane.yaml'), 'utf8');
    const after = put(text, 'keepalived', 'authPass');
    const added = after.split('\n').filter((line) => !text.split('\n').includes(line));
    expect(added).toEqual(['  authPass: !age |', '    BEGIN', '    abc', '    END']);
    expect(parseVarsText(after, 'f').toJS()).toMatchObject({ keepalived: { authPass: armored, weight: -60 } });
  });

  test.each<readonly [string, readonly (string | number)[], string]>([
    ['a: { b: 1 }\n', ['a'], 'f.yaml: a is a map'],
    ['a: [1]\n', ['a'], 'f.yaml: a is a list'],
    ['a: &x 1\nb: *x\n', ['a'], 'f.yaml: a cannot be written there by itself'],
    ['a: [1]\n', ['a', 7], 'f.yaml: a.7 cannot be written there by itself'],
    ['a: { b: 1 }\n', ['a', 'c'], 'f.yaml: a.c cannot be written there by itself'],
    ['a: 1\n', ['a', 'c'], 'f.yaml: a.c cannot be written there by itself'],
    ['a: [\n', ['a'], 'f.yaml:2:1  is no YAML'],
  ])('%j %j is refused', (text, path, message) => {
    expect(() => put(text, ...path)).toThrow(message);
  });
});

test('values are replaced where they stand, in their own way of writing', () => {
  const text = 'a: !age | # why\n    one\n    two\n\nb: !age "three\\n" # c\nd:\n  - !age |\n    four\ne: !env X\n';
  const values = ageValuesIn(text, 'f.yaml');
  expect(values.map((value) => [value.armored, value.line])).toEqual([
    ['one\ntwo\n', 1],
    ['three\n', 5],
    ['four\n', 7],
  ]);
  expect(replaceAgeValues(text, values, ['1\n2\n', '3\n', '4\n5\n'])).toBe(
    'a: !age | # why\n    1\n    2\n\nb: !age "3\\n" # c\nd:\n  - !age |\n    4\n    5\ne: !env X\n',
  );
});
