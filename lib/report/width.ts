import { noPaint, type Paint, type Style } from './paint.ts';

/** A stretch of text in one colour. */
export interface Segment {
  readonly text: string;
  readonly style?: Style;
}

// Where the width is in doubt the larger one is taken: a line that is cut early is better than one that wraps.
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
const none = /\p{M}|\p{Cf}/u;

/** Columns that a text without control characters takes on a terminal. */
export function cells(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  let count = 0;
  for (const char of text) count += cellsOf(char);
  return count;
}

const cellsOf = (char: string): number => (none.test(char) ? 0 : wide.test(char) ? 2 : 1);

/** The text within this many columns, with … where it was cut. */
export function cut(text: string, columns: number): string {
  if (cells(text) <= columns) return text;
  let kept = '';
  let left = columns - 1;
  for (const char of text) {
    left -= cellsOf(char);
    if (left < 0) break;
    kept += char;
  }
  return columns > 0 ? `${kept}…` : '';
}

/** Segments one after the other, painted, within this many columns. */
export function fit(segments: readonly Segment[], columns: number, paint: Paint = noPaint): string {
  let left = columns;
  let line = '';
  for (const { text, style } of segments) {
    const shown = cut(text, left);
    left -= cells(shown);
    line += style === undefined ? shown : paint(style, shown);
  }
  return line;
}

export const padEnd = (text: string, columns: number): string => text + ' '.repeat(Math.max(0, columns - cells(text)));
export const padStart = (text: string, columns: number): string =>
  ' '.repeat(Math.max(0, columns - cells(text))) + text;
