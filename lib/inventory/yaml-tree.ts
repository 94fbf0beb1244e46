import type { Node, Pair, Scalar, ScalarTag, YAMLMap } from 'yaml';
import { type Alias, type Document, isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Environment } from '../secrets/index.ts';
import type { LocatedProblem } from './located-problem.ts';
import type { MapTree, Origin, VarPath, VarTree } from './tree.ts';
import { originText } from './tree.ts';
import { syntaxMend } from './yaml-mend.ts';

export interface VarsText {
  /** undefined when the text is no YAML map at all */
  readonly tree: MapTree | undefined;
  readonly problems: readonly LocatedProblem[];
}

interface Reading {
  readonly file: string;
  readonly env: Environment;
  /** the whole text was encrypted: nothing in it is ever repeated */
  readonly encrypted: boolean;
  readonly document: Document;
  readonly lines: LineCounter;
  readonly problems: LocatedProblem[];
  /** anchors being followed, against one that holds itself */
  readonly following: Set<unknown>;
}

// `!env NAME`: the value of an environment variable, so that a secret need not be in the file.
const envTag: ScalarTag = { tag: '!env', resolve: (name) => name };
// `!age |` and an armored file of age: a value that `unlock` decrypts.
const ageTag: ScalarTag = { tag: '!age', resolve: (armored) => armored };
const vaultTag: ScalarTag = { tag: '!vault', resolve: (text) => text };
// Ansible's mark of a text that holds no expression.
const unsafeTag: ScalarTag = { tag: '!unsafe', resolve: (text) => text };

export interface ReadingOptions {
  /** the whole text was encrypted: no problem repeats anything of it but keys */
  readonly encrypted?: boolean;
  /** `ansible`: its own tags are known, and ours are not */
  readonly dialect?: 'own' | 'ansible';
}

const tags = { own: [envTag, ageTag], ansible: [envTag, vaultTag, unsafeTag] };

/**
 * Vars as written in YAML 1.2 (core schema, https://yaml.org/spec/1.2.2/), with `<<` merge keys, `!env NAME`
 * and `!age`, whose values are still locked. Every key keeps its place. A key given twice, an unknown tag and an unset
 * environment variable are problems. Of a text that was `encrypted` no problem repeats anything but keys.
 */
export function readVars(
  text: string,
  file: string,
  env: Environment,
  { encrypted = false, dialect = 'own' }: ReadingOptions = {},
): VarsText {
  const lines = new LineCounter();
  const options = {
    merge: true,
    uniqueKeys: false,
    prettyErrors: false,
    lineCounter: lines,
    customTags: tags[dialect],
  };
  const document = parseDocument(text, { version: '1.2', ...options });
  const reading: Reading = { file, env, encrypted, document, lines, problems: [], following: new Set() };
  for (const { code, message, pos } of [...document.errors, ...document.warnings]) {
    const mend = syntaxMend(code);
    const told = encrypted ? `is no YAML (${code})` : message;
    reading.problems.push({ origin: placeOf(reading, pos[0]), path: [], message: told, ...(mend && { mend }) });
  }
  const top: Origin = { file, line: 1, column: 1 };
  // A broken text would only add problems that are not there.
  if (document.errors.length > 0) return { tree: undefined, problems: reading.problems };
  if (document.contents === null) return { tree: emptyMap(top), problems: reading.problems };
  const tree = nodeTree(document.contents, top, [], reading);
  if (tree.kind === 'map') return { tree, problems: reading.problems };
  // A file of comments alone is a null scalar in YAML.
  if (tree.kind === 'leaf' && tree.value === null) return { tree: emptyMap(top), problems: reading.problems };
  return {
    tree: undefined,
    problems: [...reading.problems, { origin: top, path: [], message: 'must be a map of vars' }],
  };
}

function nodeTree(node: unknown, origin: Origin, path: VarPath, reading: Reading): VarTree {
  if (isMap(node)) return mapTree(node, origin, path, reading);
  if (isAlias(node)) return aliasTree(node, origin, path, reading);
  if (isScalar(node)) return scalarTree(node, origin, path, reading);
  if (!isSeq(node)) return { kind: 'leaf', origin, value: null };
  const items = node.items.map((item, index) =>
    nodeTree(item, placeOfNode(item, reading) ?? origin, [...path, index], reading),
  );
  return { kind: 'list', origin, items };
}

function scalarTree(node: Scalar, origin: Origin, path: VarPath, reading: Reading): VarTree {
  if (node.tag === '!age') return { kind: 'leaf', origin, value: undefined, age: 'value', armored: String(node.value) };
  if (node.tag === '!vault') return { kind: 'leaf', origin, value: undefined, vault: true };
  if (node.tag !== '!env') {
    const text = node.source === undefined || typeof node.value === 'string' ? {} : { source: node.source };
    return { kind: 'leaf', origin, value: node.value, ...text, ...(reading.encrypted ? { age: 'file' } : {}) };
  }
  const name = String(node.value).trim();
  const value = reading.env[name];
  if (value !== undefined && value !== '') return { kind: 'leaf', origin, value, env: name };
  const message = `the environment variable ${name} is ${value === undefined ? 'not set' : 'empty'}`;
  reading.problems.push({ origin, path, message, mend: `export ${name}=… before the run, or remove the line` });
  // The problem is told already: a stand-in keeps the schema from telling it again as something else.
  return { kind: 'leaf', origin, value: undefined, env: name };
}

function aliasTree(node: Alias, origin: Origin, path: VarPath, reading: Reading): VarTree {
  const target = node.resolve(reading.document);
  if (target === undefined || reading.following.has(target)) {
    const message = target === undefined ? `nothing is named &${node.source}` : `&${node.source} holds itself`;
    reading.problems.push({ origin, path, message });
    return { kind: 'leaf', origin, value: undefined };
  }
  reading.following.add(target);
  const tree = nodeTree(target, origin, path, reading);
  reading.following.delete(target);
  return tree;
}

function mapTree(node: YAMLMap, origin: Origin, path: VarPath, reading: Reading): MapTree {
  const own = new Map<string, VarTree>();
  const merged = new Map<string, VarTree>();
  for (const pair of node.items) {
    const at = placeOfNode(pair.key, reading) ?? origin;
    if (isMergeKey(pair)) addMerged(merged, nodeTree(pair.value, at, path, reading), at, path, reading);
    else addOwn(own, pair, at, path, reading);
  }
  return { kind: 'map', origin, entries: new Map([...merged, ...own]) };
}

function addOwn(own: Map<string, VarTree>, pair: Pair, at: Origin, path: VarPath, reading: Reading) {
  const key = keyText(pair.key);
  if (key === undefined) {
    const mend = isMap(pair.key)
      ? { mend: 'there is no Jinja here: write the value; braces that are meant, in quotes' }
      : {};
    reading.problems.push({ origin: at, path, message: 'a key must be plain text', ...mend });
    return;
  }
  const first = own.get(key);
  if (first === undefined) {
    own.set(key, nodeTree(pair.value, at, [...path, key], reading));
    return;
  }
  const message = `is given twice, first at ${originText(first.origin)}; one of the two would be lost silently`;
  reading.problems.push({ origin: at, path: [...path, key], message, mend: 'keep the one you mean' });
}

/** The value of `<<`: a map or a list of maps, of which the first wins (https://yaml.org/type/merge.html). */
function addMerged(into: Map<string, VarTree>, tree: VarTree, at: Origin, path: VarPath, reading: Reading) {
  const maps = tree.kind === 'list' ? tree.items : [tree];
  for (const each of maps) {
    if (each.kind === 'map') {
      for (const [key, child] of each.entries) if (!into.has(key)) into.set(key, child);
    } else if (each.kind === 'list' || each.value !== undefined) {
      reading.problems.push({ origin: at, path, message: '<< takes a map, such as *name' });
    }
  }
}

function isMergeKey({ key }: Pair): boolean {
  return isScalar(key) && typeof key.value === 'symbol';
}

// `1.30: x` is the key '1.30', whatever YAML makes of the number.
function keyText(key: unknown): string | undefined {
  if (!isScalar(key) || key.value === null) return undefined;
  return typeof key.value === 'string' ? key.value : key.source;
}

function placeOfNode(node: unknown, reading: Reading): Origin | undefined {
  const range = isNode(node) ? node.range : undefined;
  return range ? placeOf(reading, range[0]) : undefined;
}

function isNode(node: unknown): node is Node {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node);
}

function placeOf({ file, lines }: Reading, offset: number): Origin {
  const { line, col } = lines.linePos(offset);
  return { file, line, column: col };
}

const emptyMap = (origin: Origin): MapTree => ({ kind: 'map', origin, entries: new Map() });
