/** One line of fstab(5) that is no comment. */
export interface FstabEntry {
  readonly source: string;
  readonly target: string;
  readonly fstype: string;
  readonly options: string;
}

/** undefined = a comment, an empty line, or fewer than three fields. Blanks in a field are octal escapes (`\040`). */
export function parseFstabLine(line: string): FstabEntry | undefined {
  const text = line.trim();
  if (text === '' || text.startsWith('#')) return undefined;
  const [source = '', target = '', fstype, options = 'defaults'] = text.split(/\s+/).map(unescape);
  return fstype === undefined ? undefined : { source, target, fstype, options };
}

export const formatFstabLine = ({ source, target, fstype, options }: FstabEntry): string =>
  `${[source, target, fstype, options].map(escape).join(' ')} 0 0`;

const unescape = (field: string): string =>
  field.replaceAll(/\\([0-7]{3})/g, (_all, code: string) => String.fromCharCode(Number.parseInt(code, 8)));

const escape = (field: string): string =>
  field.replaceAll(/[ \t\n\\]/g, (each) => `\\${each.charCodeAt(0).toString(8).padStart(3, '0')}`);

/** The same text with every active swap line made a comment. Everything else stays byte for byte. */
export function withoutSwap(fstab: string): string {
  return mapLines(fstab, (line) => (parseFstabLine(line)?.fstype === 'swap' ? `#${line}` : line));
}

/** The same text with this entry as the only one for its mount point: in the first one's place, or at the end. */
export function withMount(fstab: string, wish: FstabEntry): string {
  const wished = formatFstabLine(wish);
  let placed = false;
  const kept = linesOf(fstab).flatMap((line) => {
    if (parseFstabLine(line)?.target !== wish.target) return [line];
    if (placed) return [];
    placed = true;
    return [isEntry(line, wish) ? line : wished];
  });
  return [...kept, ...(placed ? [] : [wished])].map((line) => `${line}\n`).join('');
}

function isEntry(line: string, wish: FstabEntry): boolean {
  const entry = parseFstabLine(line);
  return entry !== undefined && formatFstabLine(entry) === formatFstabLine(wish);
}

const mapLines = (text: string, change: (line: string) => string): string => text.split('\n').map(change).join('\n');

/** Without the empty one that a final line feed makes. */
const linesOf = (text: string): readonly string[] =>
  text
    .replace(/\n$/, '')
    .split('\n')
    .filter((line, i) => i > 0 || line !== '');
