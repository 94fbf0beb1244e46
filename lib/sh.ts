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
  return script(literals.map((literal, i) => literal + (i < values.length ? render(values[i]) : '')).join(''));
}

/** One script after the other, each on its own lines. */
export function lines(...scripts: readonly Script[]): Script {
  return script(scripts.map((each) => each.text).join('\n'));
}

function script(text: string): Script {
  return { text, [scriptBrand]: true };
}

function render(value: ShellValue | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number') return quote(String(value));
  if ('text' in value) return value.text;
  if (Array.isArray(value)) return value.map((word) => quote(String(word))).join(' ');
  throw new TypeError('only words, numbers, lists of them and scripts can be part of a command; secrets go on stdin');
}
