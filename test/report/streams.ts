import { Writable } from 'node:stream';
import type { Out } from '../../lib/report/outlet.ts';

/** A terminal or pipe that remembers what was written. */
export interface Fake extends Out {
  emit(event: 'error', error: Error): boolean;
  readonly text: () => string;
  columns: number;
  rows: number;
}

export function fake(settings: { isTTY?: boolean; columns?: number; rows?: number } = {}): Fake {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk.toString());
      done();
    },
  });
  const { isTTY = false, columns = 80, rows = 24 } = settings;
  return Object.assign(stream, { isTTY, columns, rows, text: () => chunks.join('') });
}

/**
 * What a terminal shows after `text`, as far as the live view needs it: cursor up, erase line, erase below, carriage
 * return, newline. Fails on any other control sequence but colours, cursor and wrap modes.
 */
export function screenAfter(text: string): readonly string[] {
  const lines: string[] = [''];
  let row = 0;
  // Escape as the sign that stands for it.
  const signs = text.replaceAll('\u001b', '␛');
  for (const [part, up, plain] of signs.matchAll(/␛\[(?:(\d+)A|[\d;]*m|\?\d+[hl]|2K|0J)|\r|\n|([^␛\r\n]+)/g)) {
    if (up !== undefined) row -= Number(up);
    else if (part.endsWith('[2K')) lines[row] = '';
    else if (part.endsWith('[0J')) lines.splice(row);
    else if (part === '\n') row += 1;
    else if (plain !== undefined) lines[row] = `${lines[row] ?? ''}${plain}`;
    while (lines.length <= row) lines.push('');
  }
  return lines;
}
