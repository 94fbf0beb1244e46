import { expect, it } from 'vitest';
import { z } from 'zod';
import { secretString } from '../../lib/index.ts';
import { varsTable } from './vars-table.ts';

const rows = (schema: z.ZodType): readonly (readonly string[])[] =>
  varsTable(schema)
    .split('\n')
    .slice(2)
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

it('name, type, default and meaning, in columns', () => {
  const schema = z.strictObject({
    servers: z.array(z.string()).min(1).describe('asked in turn'),
    port: z.int().min(1).max(65_535).default(123),
  });
  expect(varsTable(schema)).toBe(
    [
      '| var       | type                    | default  | meaning       |',
      '| --------- | ----------------------- | -------- | ------------- |',
      '| `servers` | list of text            | required | asked in turn |',
      '| `port`    | whole number 1 to 65535 | `123`    |               |',
    ].join('\n'),
  );
  expect(varsTable(z.strictObject({}))).toBe('None.');
});

it.each([
  [z.string(), 'text'],
  [secretString(), 'text'],
  [z.ipv4(), 'IPv4 address'],
  [z.cidrv4(), 'IPv4 network'],
  [z.url(), 'URL'],
  [z.boolean(), 'boolean'],
  [z.number(), 'number'],
  [z.int(), 'whole number'],
  [z.int().min(0), 'whole number ≥ 0'],
  [z.int().max(0), 'whole number ≤ 0'],
  [z.enum(['a', 'b']), '`a` \\| `b`'],
  [z.literal('a'), '`"a"`'],
  [z.union([z.string(), z.array(z.string())]), 'text or list of text'],
  [z.record(z.string(), z.union([z.string(), z.number()])), 'map of text or number'],
  [z.record(z.string(), z.unknown()), 'map'],
  [z.array(z.unknown()), 'list of anything'],
])('%#: %s', (schema, type) => {
  expect(rows(z.strictObject({ x: schema }))).toEqual([['`x`', type, 'required', '']]);
});

it('an optional var has no default, text keeps its quotes', () => {
  expect(rows(z.strictObject({ a: z.string().optional(), b: z.string().default('x|y\n') }))).toEqual([
    ['`a`', 'text', '', ''],
    ['`b`', 'text', '`"x\\|y\\n"`', ''],
  ]);
});

it('parts of maps, of the entries of lists and of maps with any keys', () => {
  const part = z.strictObject({ name: z.string().optional() });
  expect(
    rows(
      z.strictObject({
        group: part.prefault({}),
        said: part.describe('x'),
        many: z.array(part),
        by: z.record(z.string(), part),
      }),
    ),
  ).toEqual([
    ['`group.name`', 'text', '', ''],
    ['`said`', 'as `group`', 'required', 'x'],
    ['`many[].name`', 'text', '', ''],
    ['`by.*.name`', 'text', '', ''],
  ]);
});

it('what is the same for several maps is said once', () => {
  const source = z.strictObject({ sha256: z.string() });
  const both = z.strictObject({ amd64: source.optional(), arm64: source.optional(), of: z.string() });
  expect(rows(both)).toEqual([
    ['`{amd64,arm64}.sha256`', 'text', 'required', ''],
    ['`of`', 'text', 'required', ''],
  ]);
});
