import { type ParseArgsConfig, parseArgs } from 'node:util';
import { badInput } from '../errors.ts';
import { closest } from '../suggest.ts';

const defaultForks = 50;

/** The command line by the options there are. @throws BadInput naming the flag, with what to type instead */
export function parseArguments<const O extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: O,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    const unknown = args.find((arg) => arg.startsWith('--') && !(nameOf(arg) in options)) ?? '';
    const near = closest(nameOf(unknown), Object.keys(options));
    const message = error instanceof Error ? (error.message.split('. ', 1)[0] ?? error.message) : String(error);
    throw badInput(message, { mend: near === undefined ? 'see --help' : `did you mean --${near}?`, cause: error });
  }
}

/** How many hosts are at work at once. @throws BadInput */
export function parseForks(given: string | undefined): number {
  if (given === undefined) return defaultForks;
  const count = Number(given);
  if (Number.isInteger(count) && count > 0) return count;
  throw badInput(`--forks '${given}' is not a whole number above 0`, { mend: 'type for example --forks 20' });
}

const nameOf = (arg: string): string => arg.replace(/^--/, '').replace(/=.*$/s, '');
