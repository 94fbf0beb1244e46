import { createHash } from 'node:crypto';
import { badInput, type KonvergeError, refused } from '../errors.ts';
import { absolutePath } from './absolute-path.ts';
import type { Resource } from './contract.ts';
import { applyEdit, type Edit, editChanges, type TextState, textProbe } from './text-edit.ts';
import { insertLines, joinLines, splitLines, type TextLine } from './text-lines.ts';

export interface BlockOptions {
  /** tells several blocks of one file apart */
  readonly name: string;
  readonly content: string;
  /** makes a missing file; default false: it is refused */
  readonly create?: boolean;
  /** default: the file's own, 0644 for a new one */
  readonly mode?: number;
}

/**
 * The file holds one block `# BEGIN name (konverge)` … `# END name (konverge)` with this content; all else in it, its
 * line ends (also CRLF) and its owner are kept. A new block goes to the end. A symlink is refused.
 * @throws BadInput when the name or the content holds a marker or line end that would break the block
 * @throws Refused (from diff) when the markers in the file do not pair up
 */
export function block(path: string, options: BlockOptions): Resource<TextState> {
  const at = absolutePath('block', path);
  const { name, mode } = options;
  if (/[\r\n]/.test(name) || / \(konverge\)$/m.test(options.content)) {
    throw badInput(`block ${path}: ${name}: the name has several lines, or the content holds a marker`);
  }
  const content = options.content.replace(/\n+$/, '');
  const wish: Edit = {
    wished: content,
    edit: (before, wished) => withBlock(before, name, wished),
    create: options.create === true ? (mode ?? 0o644) : undefined,
    mode,
  };
  return {
    kind: 'block',
    id: `${path}: ${name}`,
    probe: textProbe(at),
    diff: (state) => editChanges(state, 'block', wish),
    apply: (host, _changes, state) => applyEdit(host, at, wish, state),
    evidence: { paths: [at], digest: createHash('sha256').update(content).digest('hex') },
  };
}

/**
 * `text` with exactly one block of this name: the first one has the content, further ones go. Pure.
 * @throws Refused when a marker has no partner
 */
export function withBlock(text: string, name: string, content: string): string {
  const begin = `# BEGIN ${name} (konverge)`;
  const end = `# END ${name} (konverge)`;
  const fresh = [begin, ...(content === '' ? [] : content.split('\n')), end];
  const all = splitLines(text);
  const spans = spansOf(all, begin, end);
  const rest = all.filter((_, i) => !spans.some(([from, to]) => from <= i && i <= to));
  return joinLines(insertLines(rest, spans[0]?.[0] ?? rest.length, fresh));
}

/** First and last line of each block. */
function spansOf(all: readonly TextLine[], begin: string, end: string): readonly (readonly [number, number])[] {
  const spans: [number, number][] = [];
  let open = -1;
  for (const [i, { body }] of all.entries()) {
    if (body === begin) {
      if (open !== -1) throw damaged(begin, end, open);
      open = i;
    } else if (body === end) {
      if (open === -1) throw damaged(begin, end, i);
      spans.push([open, i]);
      open = -1;
    }
  }
  if (open !== -1) throw damaged(begin, end, open);
  return spans;
}

const damaged = (begin: string, end: string, at: number): KonvergeError =>
  refused(`line ${at + 1} is a marker of the block without its partner`, {
    mend: `make the lines "${begin}" and "${end}" a pair again, or remove them`,
  });
