/** One line of a text: what is on it, and its end, `''` for a last line that was not finished. */
export interface TextLine {
  readonly body: string;
  readonly end: '\n' | '\r\n' | '';
}

/** `joinLines(splitLines(text)) === text` */
export function splitLines(text: string): readonly TextLine[] {
  return (text.match(/[^\n]*\n|[^\n]+$/g) ?? []).map((raw) => {
    if (raw.endsWith('\r\n')) return { body: raw.slice(0, -2), end: '\r\n' };
    return raw.endsWith('\n') ? { body: raw.slice(0, -1), end: '\n' } : { body: raw, end: '' };
  });
}

export const joinLines = (lines: readonly TextLine[]): string => lines.map((each) => each.body + each.end).join('');

/** The line end that new lines of this text get: CRLF when the first line has it. */
export const lineEnd = (lines: readonly TextLine[]): '\n' | '\r\n' => (lines[0]?.end === '\r\n' ? '\r\n' : '\n');

/** `lines` with `fresh` before position `at`; a line without end that is now followed by another gets one. */
export function insertLines(lines: readonly TextLine[], at: number, fresh: readonly string[]): readonly TextLine[] {
  const end = lineEnd(lines);
  const added = fresh.map((body) => ({ body, end }));
  const before = lines.slice(0, at).map((each) => (each.end === '' ? { ...each, end } : each));
  return [...before, ...added, ...lines.slice(at)];
}
