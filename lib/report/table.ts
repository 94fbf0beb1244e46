import type { Paint } from './paint.ts';
import type { Segment } from './width.ts';
import { cells, fit, padEnd, padStart } from './width.ts';

/** Rows as aligned lines: the first column to the left, the others to the right, two blanks between. */
export function table(rows: readonly (readonly Segment[])[], paint: Paint): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) for (const [i, { text }] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cells(text));
  return rows.map((row) =>
    row
      .map((cell, i) => {
        const text = i === 0 ? padEnd(cell.text, widths[i] ?? 0) : padStart(cell.text, widths[i] ?? 0);
        return fit([{ ...cell, text }], Number.POSITIVE_INFINITY, paint);
      })
      .join('  ')
      .trimEnd(),
  );
}
