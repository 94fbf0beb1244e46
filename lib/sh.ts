const scriptBrand: unique symbol = Symbol('script');

/** A piece of POSIX sh whose every value has been quoted. Only `sh` makes one, so a string can never become a command. */
export interface Script {
  readonly text: string;
  readonly [scriptBrand]: true;
}

/** A secret is deliberately absent: secrets travel on stdin (see `Writer.run`), never in the text of a command. */
export type ShellValue = string | number | Script | readonly (string | number)[];

/**
 * Quotes one word for POSIX sh (XCU 2.2.2): dash, bash --posix and busybox read back exactly `word`.
 * @throws TypeError when the word holds a NUL, which no shell can carry.
 */
export function quote(word: string): string {
  if (word.includes('\0')) throw new TypeError('a NUL byte cannot be part of a shell word');
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/**
 * The only way to write remote text. Values are quoted, a `Script` is inserted as it is, an array becomes its quoted
 * words. Backslashes reach the shell as typed; only `\${` and `` \` `` are unescaped, as the template literal needs them.
 */
export function sh(parts: TemplateStringsArray, ...values: readonly ShellValue[]): Script {
  const literals = parts.raw.map((part) => part.replaceAll('\\${', '${').replaceAll('\\`', '`'));
  return script(literals.map((literal, i) => literal + (i < values.length ? render(values[i], literal) : '')).join(''));
}

/** One script after the other, each on its own lines. */
export function lines(...scripts: readonly Script[]): Script {
  return script(scripts.map((each) => each.text).join('\n'));
}

function script(text: string): Script {
  return { text, [scriptBrand]: true };
}

/** What the compiler cannot see (an index past the end, `any`) must not become nothing: `rm -rf ${dir}/*` would be `/*`. */
function render(value: ShellValue | undefined, before: string): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number') return numberWord(value, before);
  if (typeof value === 'object' && value !== null && 'text' in value) return value.text;
  if (Array.isArray(value)) return value.map((word) => wordOf(word, before)).join(' ');
  if (value === undefined || value === null) throw new TypeError(`sh: the value after '${tail(before)}' is ${value}`);
  throw new TypeError('only words, numbers, lists of them and scripts can be part of a command; secrets go on stdin');
}

function wordOf(word: unknown, before: string): string {
  if (typeof word === 'string') return quote(word);
  if (typeof word === 'number') return numberWord(word, before);
  throw new TypeError(`sh: the list after '${tail(before)}' holds ${String(word)}, which is no word`);
}

function numberWord(value: number, before: string): string {
  if (Number.isFinite(value)) return quote(String(value));
  throw new TypeError(`sh: the number after '${tail(before)}' is ${value}`);
}

const tail = (text: string): string => text.trimEnd().split('\n').at(-1)?.slice(-40) ?? '';
