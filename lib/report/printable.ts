import { stripVTControlCharacters } from 'node:util';
import { redact } from '../secret.ts';

// Control characters (UAX #44, category Cc) but tab and newline, and those that turn the writing direction (UAX #9).
const unprintable = /(?![\t\n])[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/** Text from a host as it may be shown: it cannot move the cursor, colour, hide or reveal anything. Newlines are kept. */
export function printable(text: string): string {
  return stripVTControlCharacters(redact(text)).replaceAll(unprintable, '');
}

/** One line of a program's output with its blanks: what it redraws with carriage returns is shown as it looked last. */
export function asShown(line: string): string {
  return printable(line.trimEnd().split('\r').at(-1) ?? '');
}

/** The same with every run of blanks as one. */
export function oneLine(text: string): string {
  return asShown(text).replaceAll(/\s+/g, ' ').trim();
}
