// The whole package is twenty files more, which every run would load.
import { structuredPatch } from 'diff/lib/patch/create.js';

/** Two texts of one file. undefined: there is no such file on that side. */
export interface Texts {
  readonly before?: string | undefined;
  readonly after?: string | undefined;
}

export interface DiffLimits {
  /** unchanged lines around a change; default 3 */
  readonly context?: number;
  /** larger texts (characters, both sides together) are only counted; default 1,000,000 */
  readonly maxSize?: number;
  /** more lines of diff than this are cut off; default 500 */
  readonly maxLines?: number;
}

/** The search for the shortest diff grows with the square of the lines that differ: 800 take about 0.1 s. */
const maxEdits = 800;

/**
 * A unified diff (GNU diffutils, "Detailed Description of Unified Format") under the headers `--- before: PATH` and
 * `+++ after: PATH`, without a path where there is no file; '' when the texts are equal. Ends without a newline.
 */
export function unifiedDiff(path: string, { before, after }: Texts, limits: DiffLimits = {}): string {
  if (before === after) return '';
  const headers = [
    before === undefined ? '--- before' : `--- before: ${path}`,
    after === undefined ? '+++ after' : `+++ after: ${path}`,
  ];
  return [...headers, ...body(before ?? '', after ?? '', limits)].join('\n');
}

function body(before: string, after: string, limits: DiffLimits): readonly string[] {
  const { context = 3, maxSize = 1_000_000, maxLines = 500 } = limits;
  const sizes = `${before.length} → ${after.length} characters`;
  if (`${before}${after}`.includes('\0')) return [`(not text: ${sizes})`];
  if (before.length + after.length > maxSize) return [`(too large to show: ${sizes})`];
  // Where one side is empty there is nothing to search for.
  const maxEditLength = before === '' || after === '' ? Infinity : maxEdits;
  const patch = structuredPatch('', '', before, after, undefined, undefined, { context, maxEditLength });
  if (patch === undefined) return [`(more than ${maxEdits} lines differ: ${sizes})`];
  const all = patch.hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    `@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@`,
    ...lines,
  ]);
  return all.length <= maxLines ? all : [...all.slice(0, maxLines), `(… ${all.length - maxLines} more lines)`];
}

/** A range of one line is written without its length; an empty one names the line before it. */
const range = (start: number, length: number): string =>
  length === 1 ? String(start) : `${length === 0 ? start - 1 : start},${length}`;

/** One text and everything that has it. */
export interface Folded<T> {
  readonly text: string;
  readonly of: readonly T[];
}

/** Equal texts made one, in the order in which they first came. */
export function fold<T>(entries: readonly { readonly text: string; readonly of: T }[]): readonly Folded<T>[] {
  const byText = new Map<string, T[]>();
  for (const { text, of } of entries) byText.set(text, [...(byText.get(text) ?? []), of]);
  return [...byText].map(([text, of]) => ({ text, of }));
}
