import { describe, expect, test } from 'vitest';
import { parseOverrides } from '../../lib/inventory/overrides.ts';
import { originAt, originText, plain } from '../../lib/inventory/tree.ts';
import { failureOf, folderWith } from './base-vars.ts';

const given = async (...args: string[]) => plain(await parseOverrides(args, { PASS: 'x' }));

describe('-e', () => {
  test.each<readonly [string, unknown]>([
    ['a.b=1', { a: { b: 1 } }],
    ['a=text with blanks', { a: 'text with blanks' }],
    ['a=true', { a: true }],
    ['a=[x, y]', { a: ['x', 'y'] }],
    ['a={ b: 1 }', { a: { b: 1 } }],
    ['a=1.30', { a: '1.30' }],
    ['a=1.3', { a: 1.3 }],
    ["a='1'", { a: '1' }],
    ['a=', { a: '' }],
    ['a=x: y: z', { a: 'x: y: z' }],
    ['a=b=c', { a: 'b=c' }],
    ['sysctl."net.ipv4.ip_forward"=1', { sysctl: { 'net.ipv4.ip_forward': 1 } }],
    ['{ a: { b: 1 } }', { a: { b: 1 } }],
    ['{"a": !env PASS}', { a: 'x' }],
    ['a.b=!env PASS', { a: { b: 'x' } }],
  ])('%s', async (text, vars) => {
    expect(await given(text)).toEqual(vars);
  });

  test('later ones win, maps are merged', async () => {
    expect(await given('a.b=1', 'a.c=2', '{ a: { b: 3 } }')).toEqual({ a: { b: 3, c: 2 } });
    expect(await given()).toEqual({});
  });

  test('a file', async () => {
    const folder = folderWith({ 'more.yaml': 'a:\n  b: 1\n' });
    const tree = await parseOverrides([`@${folder}/group_vars/more.yaml`]);
    expect(originText(originAt(tree, ['a', 'b']))).toBe(`${folder}/group_vars/more.yaml:2:3`);
    expect(await failureOf(parseOverrides(['@/nowhere.yaml']))).toContain('-e @/nowhere.yaml cannot be read: ENOENT');
  });

  test('an environment variable that is not set is a problem of that var', async () => {
    expect(await failureOf(parseOverrides(['a.b=!env NOWHERE'], {}))).toContain(
      'a.b: the environment variable NOWHERE is not set',
    );
  });

  test('the place of a var never holds its value', async () => {
    expect(
      originText(originAt(await parseOverrides(['keepalived.authPass=hunter2']), ['keepalived', 'authPass'])),
    ).toBe('-e keepalived.authPass');
  });

  test.each(['word', '=x', '.=x'])('%s is refused', async (text) => {
    expect(await failureOf(parseOverrides([text]))).toBe(`-e ${text}: not a var`);
  });

  test('YAML that is none', async () => {
    expect(await failureOf(parseOverrides(['{ a: 1, a: 2 }']))).toContain('-e:1:9  a: is given twice, first at -e:1:3');
  });
});
