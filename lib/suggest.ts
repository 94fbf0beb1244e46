/**
 * The candidate that `word` was most likely meant to be, or undefined when none is near. Case does not count against a
 * candidate, and neither does a missing prefix or suffix: `WN2` finds `wn2`, `wn02` finds `k8s-wn02`.
 */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  const wished = word.toLowerCase();
  if (wished === '') return undefined;
  const limit = Math.max(1, Math.floor(wished.length / 3));
  let best: { name: string; distance: number } | undefined;
  for (const name of candidates) {
    const distance = distanceTo(wished, name.toLowerCase(), limit);
    if (distance <= limit && (best === undefined || distance < best.distance)) best = { name, distance };
  }
  return best?.name;
}

/** `did you mean 'x'?`, or undefined when nothing is near. */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  const name = closest(word, candidates);
  return name === undefined ? undefined : `did you mean '${name}'?`;
}

function distanceTo(wished: string, name: string, limit: number): number {
  // Part of a name is a worse hit than the name with one typo, but still a hit.
  if (wished !== name && wished.length >= 3 && name.includes(wished)) return limit;
  return editDistance(wished, name);
}

/** Insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b` (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(replace, at(last, j) + 1, at(row, j - 1) + 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) least = Math.min(least, at(beforeLast, j - 2) + 1);
      row.push(least);
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

// A typed array would say `number | undefined` too; NaN would spoil every test if an index were ever wrong.
const at = (row: readonly number[], index: number): number => Number(row[index]);
