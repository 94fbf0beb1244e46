import { createHash } from 'node:crypto';
import { badInput } from '../errors.ts';
import { absolutePath } from './absolute-path.ts';
import type { Resource } from './contract.ts';
import { applyEdit, type Edit, editChanges, type TextState, textProbe } from './text-edit.ts';
import { insertLines, joinLines, splitLines, type TextLine } from './text-lines.ts';

export interface LineOptions {
  /** the whole line, without its end */
  readonly line: string;
  /** names the line that it replaces. Several that match become one, at the place of the last: none can contradict it. */
  readonly match?: RegExp;
  /** where it goes when it is new: below the last line that matches; default: the end of the file */
  readonly after?: RegExp;
}

/**
 * The file holds `line` exactly once; its other lines, line ends (also CRLF), owner and mode are kept. When `match` is
 * given no other line matches it: whichever of several the program heeds, first or last, it is this one.
 * A missing file and a symlink are refused.
 * @throws BadInput when `line` has more than one line
 */
export function line(path: string, options: LineOptions): Resource<TextState> {
  const at = absolutePath('line', path);
  if (/[\r\n\0]/.test(options.line)) throw badInput(`line ${path}: ${JSON.stringify(options.line)} is not one line`);
  const wish: Edit = { wished: options.line, edit: (before, wished) => withLine(before, wished, options) };
  return {
    kind: 'line',
    id: `${path}: ${options.line}`,
    probe: textProbe(at),
    diff: (state) => editChanges(state, 'line', wish),
    apply: (host, _changes, state) => applyEdit(host, at, wish, state),
    evidence: { paths: [at], digest: createHash('sha256').update(options.line).digest('hex') },
  };
}

/** `text` with `wished` as a line exactly once. Pure; a second time it changes nothing. */
export function withLine(text: string, wished: string, { match, after }: Pick<LineOptions, 'match' | 'after'>): string {
  const all = splitLines(text);
  const replaces = matcher(match);
  const stale = (each: TextLine): boolean => each.body === wished || replaces(each);
  const matching = all.findLastIndex(replaces);
  const place = matching === -1 ? all.findLastIndex(stale) : matching;
  if (place === -1) {
    const below = all.findLastIndex(matcher(after));
    return joinLines(insertLines(all, below === -1 ? all.length : below + 1, [wished]));
  }
  return joinLines(
    all.flatMap((each, i) => {
      if (i === place) return [{ ...each, body: wished }];
      return stale(each) ? [] : [each];
    }),
  );
}

/** No pattern matches nothing. A copy of the pattern, as `g` and `y` would make it remember. */
function matcher(pattern: RegExp | undefined): (line: TextLine) => boolean {
  if (pattern === undefined) return () => false;
  const stateless = new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''));
  return (each) => stateless.test(each.body);
}
