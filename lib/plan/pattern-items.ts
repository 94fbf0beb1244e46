import { isIPv6 } from 'node:net';

/** One item of a pattern: what it does to the selection, and the name, glob, `~regex`, slice or `@file` it names. */
export interface PatternItem {
  /** `+` adds hosts, `&` keeps only these, `!` takes these away */
  readonly op: '+' | '&' | '!';
  readonly name: string;
}

/**
 * The items of a pattern such as `workers:&rack1:!wn2`. Commas separate; without a comma colons do. A separator within
 * brackets, braces or parentheses belongs to its item, and so do the colons of an IPv6 address that stands alone.
 * Empty items are dropped.
 */
export function patternItems(pattern: string): readonly PatternItem[] {
  const byComma = cut(pattern, ',');
  const parts = byComma.length > 1 ? byComma : isAddress(pattern) ? [pattern] : cut(pattern, ':');
  return parts.map((part) => part.trim()).flatMap((part) => toItem(part));
}

function toItem(part: string): PatternItem[] {
  const op = part.startsWith('&') ? '&' : part.startsWith('!') ? '!' : '+';
  const name = unbracketed((op === '+' ? part : part.slice(1)).trim());
  return name === '' ? [] : [{ op, name }];
}

const isAddress = (pattern: string): boolean => isIPv6(pattern.trim().replace(/^[!&]/, ''));

/** `[fe80::1]` is how an address is written beside other items. */
function unbracketed(name: string): string {
  const inner = name.slice(1, -1);
  return name.startsWith('[') && name.endsWith(']') && isIPv6(inner) ? inner : name;
}

function cut(pattern: string, separator: ',' | ':'): readonly string[] {
  const parts = [''];
  let depth = 0;
  for (const char of pattern) {
    if ('[({'.includes(char)) depth += 1;
    if ('])}'.includes(char)) depth -= 1;
    if (char === separator && depth <= 0) parts.push('');
    else parts.push(`${parts.pop()}${char}`);
  }
  return parts;
}
