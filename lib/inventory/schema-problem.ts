import type { core } from 'zod';
import { closest, didYouMean } from '../suggest.ts';
import type { LocatedProblem } from './located-problem.ts';
import { descriptionAt, keysAt, pathsOf } from './schema-shape.ts';
import { isHidden, type LeafTree, originAt, treeAt, type VarPath, type VarTree } from './tree.ts';

type Issue = core.$ZodIssue;
interface Words {
  readonly message: string;
  readonly mend?: string | undefined;
}

/** What the schema found, in the operator's words and with the place of the var. What is hidden is never repeated. */
export function schemaProblems(
  issues: readonly Issue[],
  tree: VarTree,
  schema: unknown,
  host: string,
): readonly LocatedProblem[] {
  const all = issues.flatMap(unfold);
  const meant = new Set(all.flatMap((issue) => meantKeys(issue, schema)));
  return all.flatMap((issue) => {
    const path = pathOf(issue);
    const encrypted = issue.code === 'custom' ? undefined : encryptedOn(tree, path);
    if (encrypted !== undefined) return [problem(encrypted, noSecret)];
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => problem([...path, key], unknownKey(key, path, schema)));
    }
    const node = treeAt(tree, path);
    // An undefined leaf was told when the file was read: an unset !env, an alias of nothing.
    if (node?.kind === 'leaf' && node.value === undefined) return [];
    // A misspelt var is one mistake, not two.
    if (node === undefined && meant.has(path.join('.'))) return [];
    return [problem(path, issue.code === 'invalid_union' ? wordsOfUnion(issue, node) : words(issue, node, schema))];
  });

  function problem(path: VarPath, { message, mend }: Words): LocatedProblem {
    return { origin: originAt(tree, path), path, message, host, ...(mend === undefined ? {} : { mend }) };
  }
}

/** What a schema that wants no secret is told of one. */
export const noSecret = {
  message: 'is encrypted, but this var is no secret: it would be shown in diffs and logs',
  mend: 'write it in plain text',
};

/** What a secret on the command line is told. */
export const typedSecret = (path: VarPath): Required<Pick<LocatedProblem, 'message' | 'mend'>> => ({
  message: 'is a secret, and on the command line all users of this machine can read it',
  mend: `write it to a file, -e @FILE, or take it from the environment: -e '${path.join('.')}=!env NAME' (docs/secrets.md)`,
});

/** Where on the way to `path` an encrypted value stands. */
function encryptedOn(tree: VarTree, path: VarPath): VarPath | undefined {
  const ways = path.map((_, length) => path.slice(0, length + 1));
  return ways.find((way) => {
    const node = treeAt(tree, way);
    return node?.kind === 'leaf' && node.age === 'value' && node.value !== undefined;
  });
}

const pathOf = (issue: Issue): VarPath => issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key));

function meantKeys(issue: Issue, schema: unknown): readonly string[] {
  if (issue.code !== 'unrecognized_keys') return [];
  const known = keysAt(schema, issue.path) ?? [];
  const near = issue.keys.map((key) => closest(key, known)).filter((key) => key !== undefined);
  return near.map((key) => [...pathOf(issue), key].join('.'));
}

/** The issues inside the one branch of a union that fits the value's shape, as if there were no union. */
function unfold(issue: Issue): readonly Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const fitting = issue.errors.filter((branch) => branch.every((each) => each.path.length > 0 || !isShape(each)));
  const [branch] = fitting;
  if (branch === undefined || fitting.length > 1) return [issue];
  return branch.flatMap((each) => unfold({ ...each, path: [...issue.path, ...each.path] }));
}

const isShape = ({ code }: Issue): boolean => code === 'invalid_type' || code === 'invalid_value';

function unknownKey(key: string, path: VarPath, schema: unknown): Words {
  const known = keysAt(schema, path) ?? [];
  const near = didYouMean(key, known);
  const elsewhere = pathsOf(schema, key).map((at) => at.join('.'));
  const moved = elsewhere.length === 0 ? undefined : `there is ${elsewhere.slice(0, 3).join(', ')}`;
  return { message: 'no such var', mend: near ?? moved ?? `known here: ${known.join(', ')}` };
}

function words(issue: Issue, node: VarTree | undefined, schema: unknown): Words {
  if (issue.code === 'invalid_type') return wrongType(issue.expected, node, descriptionAt(schema, issue.path));
  if (issue.code === 'invalid_value') return notOneOf(issue.values, node);
  if (issue.code === 'custom') return { message: issue.message, mend: mendOf(issue) };
  if (issue.code === 'invalid_key' && issue.issues[0] !== undefined) return words(issue.issues[0], undefined, schema);
  const value = node?.kind === 'leaf' ? valueText(node) : '';
  // zod's own words begin with a capital; what a schema says itself is kept.
  const said = /^[A-Z]/.test(issue.message)
    ? `${issue.message[0]?.toLowerCase()}${issue.message.slice(1)}`
    : issue.message;
  return { message: value === '' ? said : `${value}${said.startsWith('is ') ? '' : ':'} ${said}` };
}

function mendOf(issue: core.$ZodIssueCustom): string | undefined {
  const mend: unknown = issue.params?.['mend'];
  return typeof mend === 'string' ? mend : undefined;
}

function wrongType(expected: string, node: VarTree | undefined, description: string | undefined): Words {
  if (node === undefined) return { message: 'is missing', mend: description };
  const wanted = nouns[expected] ?? expected;
  if (node.kind !== 'leaf') return { message: `is a ${node.kind} where ${wanted} is wanted`, mend: description };
  if (node.value === null) return { message: 'has no value', mend: 'give it one, or remove the line' };
  return { message: `is ${kindOf(node.value)} where ${wanted} is wanted`, mend: retype(expected, node) ?? description };
}

const nouns: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a map',
  record: 'a map',
  array: 'a list',
};

function kindOf(value: unknown): string {
  return nouns[typeof value] ?? typeof value;
}

function retype(expected: string, leaf: LeafTree): string | undefined {
  if (isHidden(leaf)) return undefined;
  const text = leaf.source ?? String(leaf.value);
  if (expected === 'string') return `write it in quotes: '${text}'`;
  if (expected === 'boolean' && /^(?:yes|on|y)$/i.test(text)) return 'write true';
  if (expected === 'boolean' && /^(?:no|off|n)$/i.test(text)) return 'write false';
  const number = (expected === 'number' || expected === 'int') && typeof leaf.value === 'string';
  return number && text.trim() !== '' && Number.isFinite(Number(text)) ? `write it without quotes: ${text}` : undefined;
}

function notOneOf(values: readonly unknown[], node: VarTree | undefined): Words {
  const known = values.map(String);
  const message = `${node?.kind === 'leaf' ? valueText(node) : 'this'} is not one of ${known.join(', ')}`;
  if (node?.kind !== 'leaf' || isHidden(node)) return { message };
  return { message, mend: didYouMean(String(node.value), known) };
}

/** The most telling branch: the one that fits the value's shape, or else all that would have been right. */
function wordsOfUnion(issue: core.$ZodIssueInvalidUnion, node: VarTree | undefined): Words {
  if (node === undefined) return { message: 'is missing' };
  const branches = issue.errors.flatMap((branch) => branch.map((each) => words(each, node, undefined)));
  const messages = [...new Set(branches.map(({ message }) => message))];
  return { message: messages.join('; or '), mend: branches.find(({ mend }) => mend !== undefined)?.mend };
}

function valueText(leaf: LeafTree): string {
  if (leaf.env !== undefined) return `the value of ${leaf.env}`;
  if (leaf.age !== undefined) return 'the encrypted value';
  return `'${leaf.source ?? String(leaf.value)}'`;
}
