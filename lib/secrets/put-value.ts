import { type Document, isMap, isScalar, isSeq, type ParsedNode } from 'yaml';
import { badInput } from '../errors.ts';
import { indented, parseVarsText, saysTheSame, type VarPath } from './vars-text.ts';

/**
 * `text` with `path` being `!age` and `armored`; comments, order and spelling of all else stay. What is not there is added
 * to the map around it.
 * @throws BadInput when the place holds a map or a list, or cannot be written without harm to the rest
 */
export function putAgeValue(text: string, file: string, path: VarPath, armored: string): string {
  const document = parseVarsText(text, file);
  const name = path.join('.');
  const old = document.getIn(path, true);
  if (isMap(old) || isSeq(old)) {
    throw badInput(`${file}: ${name} is a ${isMap(old) ? 'map' : 'list'}`, {
      mend: 'name one value in it: --key a.b.c',
    });
  }
  const candidates = document.hasIn(path)
    ? replacements(text, document, path, armored)
    : [insertion(text, document, path, armored)];
  const found = candidates.find((each) => each !== undefined && saysTheSame(document, each, path, armored));
  if (found !== undefined) return found;
  throw badInput(`${file}: ${name} cannot be written there by itself`, {
    mend: 'run `npx tsx playbooks/secrets.ts encrypt` without --in, and paste what it prints',
  });
}

/** The value as a block, and quoted for where YAML allows no block. */
function replacements(text: string, document: Document.Parsed, path: VarPath, armored: string): readonly string[] {
  const parent = document.getIn(path.slice(0, -1), true);
  const value = document.getIn(path, true);
  const range = isScalar(value) ? value.range : undefined;
  const key = keyRange(parent, path.at(-1));
  const from = key?.[1] ?? range?.[0];
  if (!range || from === undefined) return [];
  const indent = (key === undefined ? spacesBefore(text, from) : columnOf(text, key[0])) + 2;
  const end = text[range[1] - 1] === '\n' && range[1] > range[0] ? range[1] - 1 : range[1];
  const rest = restOfLine(text, end);
  const lead = text.slice(0, from) + (key === undefined ? '' : ' ');
  const block = `!age |${rest}\n${indented(armored, indent)}`;
  const quoted = `!age ${JSON.stringify(armored)}${rest}`;
  return [block, quoted].map((each) => lead + each + text.slice(end + rest.length));
}

/** The path added at the end of the deepest map of it that is there. */
function insertion(text: string, document: Document.Parsed, path: VarPath, armored: string): string | undefined {
  const depth = path.findIndex((_, i) => !isFilledMap(document.getIn(path.slice(0, i + 1), true)));
  const missing = path.slice(depth);
  const parent = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true);
  if (missing.some((key) => typeof key === 'number')) return undefined;
  // A key without a value: what it is to hold begins on the line below it.
  const isBare = document.hasIn(path.slice(0, depth + 1));
  const column = isFilledMap(parent) ? columnOf(text, parent.range[0]) : 0;
  const keys = isBare ? missing.slice(1) : missing;
  const at = isBare ? keyRange(parent, missing[0])?.[1] : isFilledMap(parent) ? endOf(text, parent) : text.length;
  if (at === undefined) return undefined;
  const end = at + restOfLine(text, at).length;
  const first = isBare ? column + 2 : column;
  const lines = keys.map((key, i) => `${' '.repeat(first + i * 2)}${keyText(String(key))}:`);
  const block = `${lines.join('\n')} !age |\n${indented(armored, first + keys.length * 2)}`;
  const before = text.slice(0, end);
  return `${before}${before === '' || before.endsWith('\n') ? '' : '\n'}${block}\n${text.slice(end).replace(/^\n/, '')}`;
}

interface FilledMap {
  readonly items: readonly { readonly key: unknown; readonly value: unknown }[];
  readonly range: readonly [number, number, number];
}

function isFilledMap(node: unknown): node is FilledMap & ParsedNode {
  return isMap(node) && node.items.length > 0 && node.range !== null && node.range !== undefined;
}

/** Behind the last thing in the map, on its line. */
function endOf(text: string, { range }: FilledMap): number {
  const value = text.slice(range[0], range[1]).trimEnd();
  return range[0] + value.length;
}

/** Where a key begins, and where it ends behind its colon; undefined in a list. */
function keyRange(parent: unknown, key: string | number | undefined): readonly [number, number] | undefined {
  if (!isMap(parent)) return undefined;
  const found = parent.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(key));
  const range = isScalar(found?.key) ? found.key.range : undefined;
  return range ? [range[0], range[1] + 1] : undefined;
}

const restOfLine = (text: string, at: number): string => /^[^\n]*/.exec(text.slice(at))?.[0] ?? '';

/** 0-based */
const columnOf = (text: string, at: number): number => at - lineStart(text, at);

const lineStart = (text: string, at: number): number => (at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1);

function spacesBefore(text: string, at: number): number {
  const line = text.slice(lineStart(text, at), at);
  return line.length - line.trimStart().length;
}

const keyText = (key: string): string => (/^[\w-]+$/.test(key) ? key : JSON.stringify(key));
