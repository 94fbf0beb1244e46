/** A host as it is written: `node[01:10].x`, `db-[a:c]:2222`, `[2001:db8::1]:22`. */
export type Written =
  | { readonly names: readonly string[]; readonly port?: number }
  | { readonly names?: undefined; readonly problem: string };

/** More is a slip of the keyboard. */
const mostHosts = 10_000;

/**
 * The hosts that a pattern stands for. Both ends of a range belong to it, a third number is the step, and a leading zero
 * says how many digits there are (Ansible, "Adding ranges of hosts").
 */
export function expandHosts(pattern: string): Written {
  const { name, port } = splitPort(pattern);
  const names = expand(name);
  if (!Array.isArray(names)) return { problem: `${pattern}: ${names}` };
  return port === undefined ? { names } : { names, port };
}

function splitPort(pattern: string): { readonly name: string; readonly port?: number } {
  const six = /^\[([0-9a-fA-F:.]*:[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)\](?::(\d+))?$/.exec(pattern);
  if (six?.[1] !== undefined) return { name: six[1], ...(six[2] === undefined ? {} : { port: Number(six[2]) }) };
  // A colon inside brackets belongs to a range, several outside to an IPv6 address.
  const outside = pattern.replaceAll(/\[[^\]]*\]/g, '');
  const port = outside.split(':').length === 2 ? /:(\d+)$/.exec(pattern)?.[1] : undefined;
  return port === undefined ? { name: pattern } : { name: pattern.slice(0, -port.length - 1), port: Number(port) };
}

/** The names, or what is wrong. */
function expand(pattern: string): string[] | string {
  const found = /^(.*?)\[([^\]]*)\](.*)$/s.exec(pattern);
  if (found === null) return /[[\]]/.test(pattern) ? 'a bracket is not closed' : [pattern];
  const [, before = '', inside = '', after = ''] = found;
  const items = range(inside);
  if (!Array.isArray(items)) return items;
  const rest = expand(after);
  if (!Array.isArray(rest)) return rest;
  if (items.length * rest.length > mostHosts) return `stands for ${items.length * rest.length} hosts`;
  return items.flatMap((item) => rest.map((tail) => `${before}${item}${tail}`));
}

function range(text: string): string[] | string {
  const [first = '', last, step = '1', ...more] = text.split(':');
  const wrong = `[${text}] is no range such as [01:10], [a:c] or [1:9:2]`;
  if (last === undefined || more.length > 0 || !/^[1-9]\d*$/.test(step)) return wrong;
  if (/^\d+$/.test(last) && /^\d*$/.test(first))
    return numbers(first === '' ? '0' : first, last, Number(step)) ?? wrong;
  return letters(first, last, Number(step)) ?? wrong;
}

function numbers(first: string, last: string, step: number): string[] | undefined {
  const width = first.length > 1 && first.startsWith('0') ? first.length : 0;
  // 01 to 100 would be two widths for one range.
  if ((width > 0 && width !== last.length) || Number(last) < Number(first)) return undefined;
  const count = Math.floor((Number(last) - Number(first)) / step) + 1;
  if (count > mostHosts) return undefined;
  return Array.from({ length: count }, (_, i) => String(Number(first) + i * step).padStart(width, '0'));
}

const alphabet = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

function letters(first: string, last: string, step: number): string[] | undefined {
  const from = first.length === 1 ? alphabet.indexOf(first) : -1;
  const to = last.length === 1 ? alphabet.indexOf(last) : -1;
  if (from < 0 || to < from) return undefined;
  return alphabet
    .slice(from, to + 1)
    .split('')
    .filter((_, i) => i % step === 0);
}
