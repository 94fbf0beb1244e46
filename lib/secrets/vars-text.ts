import { isDeepStrictEqual } from 'node:util';
import { type Document, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { badInput } from '../errors.ts';

const scalarTags = ['!env', '!age'].map((tag) => ({ tag, resolve: (text: string) => text }));

/** A vars file as a document. @throws BadInput with the line when it is no YAML */
export function parseVarsText(text: string, file: string): Document.Parsed {
  const lineCounter = new LineCounter();
  const options = { merge: true, prettyErrors: false, lineCounter, customTags: scalarTags };
  const document = parseDocument(text, { version: '1.2', ...options });
  const [error] = document.errors;
  if (error === undefined) return document;
  const { line, col } = lineCounter.linePos(error.pos[0]);
  throw badInput(`${file}:${line}:${col}  is no YAML: ${error.message}`, { mend: 'correct it there' });
}

/** The value of a `!age`, and where it stands in the text: `|` and its lines, or a quoted text. */
export interface AgeValue {
  readonly armored: string;
  /** 1-based */
  readonly line: number;
  /** offsets; the end of a block is behind its last line end */
  readonly start: number;
  readonly end: number;
}

/** Every `!age` value of a vars file, in order. @throws BadInput when it is no YAML */
export function ageValuesIn(text: string, file: string): readonly AgeValue[] {
  const found: AgeValue[] = [];
  visit(parseVarsText(text, file), {
    Scalar(_, node) {
      if (node.tag !== '!age' || !node.range) return;
      const [start, end] = node.range;
      found.push({ armored: String(node.value), line: text.slice(0, start).split('\n').length, start, end });
    },
  });
  return found;
}

/** The same text with these values instead; comments and all else stay. `armored` has one for each of `values`. */
export function replaceAgeValues(text: string, values: readonly AgeValue[], armored: readonly string[]): string {
  return values.reduceRight((after, { start, end }, i) => {
    const value = valueLike(after.slice(start, end), armored[i] ?? '');
    return after.slice(0, start) + value + after.slice(end);
  }, text);
}

/** `armored` written as `old` is: as a block of the same indentation, or quoted. */
function valueLike(old: string, armored: string): string {
  const [head = '', first = ''] = old.split('\n');
  if (!head.startsWith('|')) return JSON.stringify(armored);
  return `${head}\n${indented(armored, first.length - first.trimStart().length)}\n`;
}

/** The lines of `armored` with so many spaces before each; no line end at the end. */
export function indented(armored: string, spaces: number): string {
  const lines = armored.trimEnd().split('\n');
  return lines.map((line) => ' '.repeat(spaces) + line).join('\n');
}

/** Whether both texts say the same, once `path` of the first is `armored`. */
export function saysTheSame(before: Document.Parsed, after: string, path: VarPath, armored: string): boolean {
  try {
    const document = parseVarsText(after, '');
    const node = document.getIn(path, true);
    const isThere = isScalar(node) && node.tag === '!age' && String(node.value).trim() === armored.trim();
    return isThere && isDeepStrictEqual(valueWith(document.toJS(), path), valueWith(before.toJS(), path));
  } catch {
    return false;
  }
}

/** The same value with a mark at `path`, whatever is there. */
function valueWith(value: unknown, [key, ...rest]: VarPath): unknown {
  if (key === undefined) return true;
  if (Array.isArray(value)) return value.map((item, i) => (i === Number(key) ? valueWith(item, rest) : item));
  const map = typeof value === 'object' && value !== null ? value : {};
  return { ...map, [key]: valueWith(Reflect.get(map, key), rest) };
}

export type VarPath = readonly (string | number)[];
