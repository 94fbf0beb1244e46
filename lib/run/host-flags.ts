import type { FlagSpecs } from '../arguments.ts';
import { badInput } from '../errors.ts';

/** The flags of every program that reaches hosts. */
export const hostFlags = {
  limit: { type: 'string', short: 'l', once: true, example: "--limit 'workers:!wn02'" },
  inventory: { type: 'string', short: 'i', once: true, example: '--inventory hosts.ts' },
  var: { type: 'string', short: 'e', multiple: true, example: '-e timezone=Europe/Berlin' },
  forks: { type: 'string', short: 'f', example: '--forks 20' },
  'ask-pass': { type: 'boolean', short: 'k' },
  'ask-become-pass': { type: 'boolean', short: 'K' },
  json: { type: 'boolean' },
  verbose: { type: 'boolean', short: 'v' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies FlagSpecs;

const defaultForks = 50;

/** How many hosts are at work at once. @throws BadInput */
export function parseForks(given: string | undefined): number {
  if (given === undefined) return defaultForks;
  const count = Number(given);
  if (Number.isInteger(count) && count > 0) return count;
  throw badInput(`--forks '${given}' is not a whole number above 0`, { mend: 'type for example --forks 20' });
}

interface Asking {
  readonly 'ask-pass'?: boolean;
  readonly 'ask-become-pass'?: boolean;
}

/** A word that is no flag beside one that asks: most likely a password. @throws BadInput, not repeating it */
export function refuseTypedPassword(positionals: readonly string[], asking: Asking): void {
  if (positionals.length === 0 || !(asking['ask-pass'] || asking['ask-become-pass'])) return;
  throw badInput('a password is asked for, not given on the command line, where all users of this machine see it', {
    mend: 'type -k and -K alone',
  });
}
