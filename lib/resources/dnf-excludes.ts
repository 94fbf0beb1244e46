/** dnf.conf(5) is an INI file: `[main]`, then `excludepkgs = a, b c` (or its old name `exclude`), globs allowed. */
const option = /^\s*(?:excludepkgs|exclude)\s*[=:]\s*(.*)$/;
const section = /^\s*\[([^\]]+)\]/;

/** A line of `[main]` that continues an option starts with a blank. */
interface Excludes {
  readonly start: number;
  readonly end: number;
  readonly words: readonly string[];
}

const wordsOf = (text: string): readonly string[] => text.split(/[\s,]+/).filter((word) => word !== '');

function find(lines: readonly string[]): { readonly main: number; readonly found: readonly Excludes[] } {
  const found: Excludes[] = [];
  let main = -1;
  let inside = false;
  for (const [i, line] of lines.entries()) {
    const name = section.exec(line)?.[1];
    if (name !== undefined) inside = name === 'main';
    if (name === 'main') main = i;
    const value = inside ? option.exec(line)?.[1] : undefined;
    if (value === undefined) continue;
    let end = i + 1;
    while (/^\s+\S/.test(lines[end] ?? '')) end += 1;
    found.push({ start: i, end, words: wordsOf([value, ...lines.slice(i + 1, end)].join(' ')) });
  }
  return { main, found };
}

/** Which names `[main]` of this dnf.conf excludes from every transaction: dnf's way to hold a package. */
export function excludesOf(configuration: string): (name: string) => boolean {
  const patterns = find(configuration.split('\n')).found.flatMap(({ words }) => words.map(globToRegExp));
  return (name) => patterns.some((pattern) => pattern.test(name));
}

function globToRegExp(glob: string): RegExp {
  const source = glob
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`);
}

/** The same dnf.conf with these names excluded in `[main]` (or no longer); all else stays as it is, byte for byte. */
export function withExcludes(configuration: string, names: readonly string[], held: boolean): string {
  const lines = configuration.split('\n');
  const { main, found } = find(lines);
  const old = found.flatMap(({ words }) => words);
  const words = [...old.filter((word) => !names.includes(word)), ...(held ? names : [])];
  if (words.join(' ') === old.join(' ')) return configuration;
  for (const { start, end } of found.toReversed()) lines.splice(start, end - start);
  const wished = words.length === 0 ? [] : [`excludepkgs=${words.join(' ')}`];
  if (main === -1) return ['[main]', ...wished, ...lines].join('\n');
  lines.splice(found[0]?.start ?? main + 1, 0, ...wished);
  return lines.join('\n');
}
