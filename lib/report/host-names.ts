/** Shorter runs read better name by name. */
const shortestRun = 4;

interface Numbered {
  readonly stem: string;
  readonly digits: string;
}

/** Names in their order, numbered ones that follow each other as one: `mn01`, `wn001–wn497`. */
export function foldedNames(names: readonly string[]): readonly string[] {
  const folded: string[] = [];
  for (let i = 0; i < names.length; ) {
    let end = i + 1;
    while (end < names.length && follows(names[end - 1] ?? '', names[end] ?? '')) end += 1;
    const run = names.slice(i, end);
    folded.push(...(run.length < shortestRun ? run : [`${run[0]}–${run.at(-1)}`]));
    i = end;
  }
  return folded;
}

function follows(before: string, name: string): boolean {
  const [a, b] = [numbered(before), numbered(name)];
  if (a === undefined || b === undefined || a.stem !== b.stem) return false;
  return b.digits === String(Number(a.digits) + 1).padStart(a.digits.length, '0');
}

function numbered(name: string): Numbered | undefined {
  const [, stem, digits] = /^(.*?)(\d{1,9})$/.exec(name) ?? [];
  return stem === undefined || digits === undefined ? undefined : { stem, digits };
}
