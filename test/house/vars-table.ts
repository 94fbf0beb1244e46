import { type ZodType, z } from 'zod';

/** What JSON Schema says of one var, as far as a reader of a table wants to know. */
interface Shape {
  readonly type?: string | readonly string[] | undefined;
  readonly format?: string | undefined;
  readonly description?: string | undefined;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[] | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly items?: Shape | undefined;
  readonly properties?: Readonly<Record<string, Shape>> | undefined;
  readonly additionalProperties?: Shape | boolean | undefined;
  readonly required?: readonly string[] | undefined;
  readonly anyOf?: readonly Shape[] | undefined;
}

interface Row {
  readonly name: string;
  readonly type: string;
  readonly standard: string;
  readonly meaning: string;
}

const shape: ZodType<Shape> = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  format: z.string().optional(),
  description: z.string().optional(),
  default: z.unknown().optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  get items() {
    return shape.optional();
  },
  get properties() {
    return z.record(z.string(), shape).optional();
  },
  get additionalProperties() {
    return z.union([z.boolean(), shape]).optional();
  },
  required: z.array(z.string()).optional(),
  get anyOf() {
    return z.array(shape).optional();
  },
});

/** A Markdown table of every var of the schema: its name, type, default and meaning (its `.describe()`). */
export function varsTable(schema: ZodType): string {
  const rows = rowsOf('', shape.parse(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })));
  if (rows.length === 0) return 'None.';
  const cells = rows.map(({ name, type, standard, meaning }) => [`\`${name}\``, type, standard, meaning]);
  const table = [['var', 'type', 'default', 'meaning'], ...cells].map((row) =>
    row.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')),
  );
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const [head = [], ...body] = table.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)));
  const rule = widths.map((width) => '-'.repeat(width));
  return [head, rule, ...body].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** The vars below `path`, each followed by its own parts: fields, `[]` of a list, `*` for the keys of a map. */
function rowsOf(path: string, of: Shape): readonly Row[] {
  const fields = Object.entries(of.properties ?? {});
  const taken = new Set<string>();
  return fields.flatMap(([key, field], at) => {
    if (taken.has(key)) return [];
    const alike = alikeFields(field, fields.slice(at));
    for (const each of alike) taken.add(each);
    const name = `${path === '' ? '' : `${path}.`}${alike.length > 1 ? `{${alike.join(',')}}` : key}`;
    const row = rowOf(name, field, of.required?.includes(key) === true);
    const parts = partsOf(name, field);
    if (parts.length === 0) return [row];
    const model = fields.slice(0, at).find(([, earlier]) => sameParts(earlier, field));
    if (model !== undefined) return [{ ...row, type: `as \`${model[0]}\`` }];
    // A map that only groups others says nothing by itself.
    return field.description === undefined ? parts : [row, ...parts];
  });
}

const sameParts = (one: Shape, other: Shape): boolean =>
  JSON.stringify(partsOf('', one)) === JSON.stringify(partsOf('', other));

/** Maps with the same fields (one a CPU architecture, say) share their rows. */
function alikeFields(field: Shape, fields: readonly (readonly [string, Shape])[]): readonly string[] {
  const text = JSON.stringify(field);
  return fields.flatMap(([key, other], i) =>
    i === 0 || (field.properties !== undefined && JSON.stringify(other) === text) ? [key] : [],
  );
}

function partsOf(name: string, field: Shape): readonly Row[] {
  const below = field.additionalProperties;
  if (field.items !== undefined) return rowsOf(`${name}[]`, field.items);
  if (field.properties !== undefined) return rowsOf(name, field);
  return typeof below === 'object' ? rowsOf(`${name}.*`, below) : [];
}

function rowOf(name: string, field: Shape, required: boolean): Row {
  const standard = field.default === undefined ? '' : `\`${JSON.stringify(field.default)}\``;
  return {
    name,
    type: typeOf(field),
    standard: required && standard === '' ? 'required' : standard,
    meaning: field.description ?? '',
  };
}

const formats: Readonly<Record<string, string>> = { ipv4: 'IPv4 address', cidrv4: 'IPv4 network', uri: 'URL' };

function typeOf(field: Shape): string {
  if (typeof field.type === 'object') return field.type.map((type) => typeOf({ type })).join(' or ');
  if (field.enum !== undefined) return field.enum.map((value) => `\`${String(value)}\``).join(' | ');
  if (field.const !== undefined) return `\`${JSON.stringify(field.const)}\``;
  if (field.anyOf !== undefined) return [...new Set(field.anyOf.map(typeOf))].join(' or ');
  const below = field.additionalProperties;
  switch (field.type) {
    case 'string':
      return formats[field.format ?? ''] ?? 'text';
    case 'integer':
      return `whole number${rangeOf(field)}`;
    case 'array':
      return field.items === undefined ? 'list' : `list of ${typeOf(field.items)}`;
    case 'object':
      return typeof below === 'object' && Object.keys(below).length > 0 ? `map of ${typeOf(below)}` : 'map';
    default:
      return field.type ?? 'anything';
  }
}

/** The bounds that somebody chose, not those of JavaScript's numbers. */
function rangeOf({ minimum = -Infinity, maximum = Infinity }: Shape): string {
  const least = minimum > Number.MIN_SAFE_INTEGER ? minimum : undefined;
  const most = maximum < Number.MAX_SAFE_INTEGER ? maximum : undefined;
  if (least !== undefined && most !== undefined) return ` ${least} to ${most}`;
  if (least !== undefined) return ` ≥ ${least}`;
  return most === undefined ? '' : ` ≤ ${most}`;
}
