import { parseDocument } from 'yaml';
import type { LeafTree, Origin, VarTree } from '../tree.ts';
import { treeOf } from '../tree.ts';

/**
 * The words of a line as Python's shlex.split(comments=True) takes them apart (POSIX mode): quotes go, a backslash
 * keeps the next character, `#` begins a comment. undefined = a quote is not closed.
 */
export function splitWords(line: string): readonly string[] | undefined {
  const words: string[] = [];
  let rest = line.trimStart();
  while (rest !== '' && !rest.startsWith('#')) {
    let word = '';
    while (rest !== '' && !/^[\s#]/.test(rest)) {
      const piece = /^'([^']*)'|^"((?:[^"\\]|\\.)*)"|^\\(.)|^[^\s#'"\\]+/s.exec(rest);
      if (piece === null) return undefined;
      const [whole, single, double, escaped] = piece;
      word += single ?? double?.replaceAll(/\\(["\\])/g, '$1') ?? escaped ?? whole;
      rest = rest.slice(whole.length);
    }
    words.push(word);
    rest = rest.trimStart();
  }
  return words;
}

/**
 * A value of an INI inventory: a literal of Python where it is one (number, quoted text, True, None, list, dict), else the
 * text itself. A comment behind a literal goes, behind plain text it stays, as Ansible has it.
 */
export function literal(text: string, origin: Origin): VarTree {
  const [, bare = text] = /^((?:'[^']*'|"[^"]*"|[^'"#])*?)\s+#.*$/s.exec(text) ?? [];
  return (
    scalar(text, origin) ?? scalar(bare, origin) ?? collection(bare, origin) ?? { kind: 'leaf', origin, value: text }
  );
}

const constants = new Map<string, unknown>([
  ['True', true],
  ['False', false],
  ['None', null],
]);

function scalar(text: string, origin: Origin): LeafTree | undefined {
  if (constants.has(text)) return { kind: 'leaf', origin, value: constants.get(text), source: text };
  // Python takes no number with leading zeros.
  if (/^[-+]?(?:0|[1-9]\d*)(?:\.\d*)?(?:[eE][-+]?\d+)?$/.test(text)) {
    return { kind: 'leaf', origin, value: Number(text), source: text };
  }
  const quoted = /^'((?:[^'\\]|\\.)*)'$|^"((?:[^"\\]|\\.)*)"$/s.exec(text);
  if (quoted === null) return undefined;
  return { kind: 'leaf', origin, value: (quoted[1] ?? quoted[2] ?? '').replaceAll(/\\(['"\\])/g, '$1') };
}

/** `['a', 1]` and `{'a': True}` are YAML too, but for the names of the constants. */
function collection(text: string, origin: Origin): VarTree | undefined {
  if (!/^(?:\[.*\]|\{.*\})$/s.test(text) || text.includes('{{')) return undefined;
  const yaml = text.replaceAll(/'[^']*'|"[^"]*"|\b(True|False|None)\b/g, (all, name?: string) =>
    name === undefined ? all : String(constants.get(name)),
  );
  const document = parseDocument(yaml, { prettyErrors: false });
  const value: unknown = document.errors.length > 0 ? undefined : document.toJS();
  return typeof value === 'object' && value !== null ? treeOf(value, origin) : undefined;
}
