import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { schemaProblems } from '../../lib/inventory/schema-problem.ts';
import { descriptionAt, keysAt, pathsOf } from '../../lib/inventory/schema-shape.ts';
import { plain } from '../../lib/inventory/tree.ts';
import { readVars } from '../../lib/inventory/yaml-tree.ts';

const inner = z.strictObject({ deep: z.boolean(), other: z.string().optional() });
const schema = z.strictObject({
  text: z.string().describe('a text').optional(),
  count: z.int().optional(),
  url: z.url().optional(),
  mode: z.enum(['fast', 'slow']).optional(),
  either: z.union([z.string(), z.array(z.string())]).optional(),
  wrapped: inner.prefault({ deep: true }).readonly(),
  nullable: inner.nullable().default(null),
  piped: inner.transform((value) => value.deep).optional(),
  list: z.array(inner).optional(),
  record: z.record(z.string(), inner).optional(),
  choice: z.union([z.literal('x'), inner]).optional(),
});

function said(text: string, env = {}): readonly string[] {
  const { tree } = readVars(text, 'v', env);
  if (tree === undefined) throw new Error('no tree');
  const issues = schema.safeParse(plain(tree)).error?.issues ?? [];
  return schemaProblems(issues, tree, schema, 'h').map(({ path, message, mend }) =>
    [`${path.join('.')}: ${message}`, mend].filter((part) => part !== undefined).join(' → '),
  );
}

describe('words', () => {
  test.each([
    ['text: 1.30', "text: is a number where text is wanted → write it in quotes: '1.30'"],
    ['text: true', "text: is true or false where text is wanted → write it in quotes: 'true'"],
    ['text:', 'text: has no value → give it one, or remove the line'],
    ['text: [a]', 'text: is a list where text is wanted → a text'],
    ['text: { a: 1 }', 'text: is a map where text is wanted → a text'],
    ["count: '3'", 'count: is text where a number is wanted → write it without quotes: 3'],
    ['count: three', 'count: is text where a number is wanted'],
    ['count: 1.5', 'count: is a number where a whole number is wanted'],
    ['url: nowhere', "url: 'nowhere': invalid URL"],
    ['mode: fas', "mode: 'fas' is not one of fast, slow → did you mean 'fast'?"],
    ['mode: [fast]', 'mode: this is not one of fast, slow'],
    [
      'either: 3',
      "either: is a number where text is wanted; or is a number where a list is wanted → write it in quotes: '3'",
    ],
    ['wrapped: { deep: no }', 'wrapped.deep: is text where true or false is wanted → write false'],
    ['wrapped: { deep: maybe }', 'wrapped.deep: is text where true or false is wanted'],
    ['wrapped: { deap: true }', "wrapped.deap: no such var → did you mean 'deep'?"],
    ['nullable: { zzz: 1, deep: true }', 'nullable.zzz: no such var → known here: deep, other'],
    ['piped: { depe: true, deep: true }', "piped.depe: no such var → did you mean 'deep'?"],
    ['list: [{ depp: true, deep: true }]', "list.0.depp: no such var → did you mean 'deep'?"],
    ['record: { k: { depp: true, deep: true } }', "record.k.depp: no such var → did you mean 'deep'?"],
    ['choice: { depp: true, deep: true }', "choice.depp: no such var → did you mean 'deep'?"],
    ['choice: { deep: 1 }', 'choice.deep: is a number where true or false is wanted'],
    ['choice: y', "choice: 'y' is not one of x; or is text where a map is wanted → did you mean 'x'?"],
    ['deep: true', 'deep: no such var → there is wrapped.deep, nullable.deep, piped.deep'],
  ])('%s', (text, expected) => {
    expect(said(`${text}\n`)).toEqual([expected]);
  });

  test('what came from the environment is not repeated', () => {
    const env = { V: 'hunter2' };
    expect(said('mode: !env V\n', env)).toEqual(['mode: the value of V is not one of fast, slow']);
    expect(said('url: !env V\n', env)).toEqual(['url: the value of V: invalid URL']);
    expect(said('count: !env V\n', env)).toEqual(['count: is text where a number is wanted']);
  });

  test('what was told when the file was read is not told again', () => {
    expect(said('wrapped: { deep: !env V }\n')).toEqual([]);
  });
});

describe('the shape of a schema', () => {
  test('keys, descriptions and places', () => {
    expect(keysAt(schema, ['list', 3])).toEqual(['deep', 'other']);
    expect(keysAt(schema, ['text', 'x'])).toBeUndefined();
    expect(keysAt(schema, ['nothing', 'x'])).toBeUndefined();
    expect(descriptionAt(schema, ['text'])).toBe('a text');
    expect(descriptionAt(schema, ['count'])).toBeUndefined();
    expect(pathsOf(schema, 'other')[0]).toEqual(['wrapped', 'other']);
  });
});
