import { type FlagSpecs, parseArguments } from '../arguments.ts';
import { badInput } from '../errors.ts';
import type { Asked } from '../run/access.ts';
import { hostFlags, parseForks, refuseTypedPassword } from '../run/host-flags.ts';
import { type Script, sh } from '../sh.ts';

/** What the command line of exec.ts asked for. */
export interface ExecFlags {
  readonly limit: string | undefined;
  readonly forks: number;
  readonly inventory: string | undefined;
  readonly vars: readonly string[];
  readonly json: boolean;
  readonly fold: boolean;
  /** milliseconds; undefined = however long it takes */
  readonly timeoutMs: number | undefined;
  readonly verbose: boolean;
  readonly asked: Asked;
  readonly help: boolean;
  /** what comes after `--` */
  readonly words: readonly string[];
}

export const execFlags = {
  ...hostFlags,
  timeout: { type: 'string', example: '--timeout 60' },
  fold: { type: 'boolean' },
} as const satisfies FlagSpecs;

const example = 'type it after two dashes: … --limit workers -- uptime';

/** @throws BadInput naming what is wrong, with what to type instead */
export function parseExecFlags(args: readonly string[]): ExecFlags {
  const end = args.indexOf('--');
  const own = end < 0 ? args : args.slice(0, end);
  const words = end < 0 ? [] : args.slice(end + 1);
  const { values, positionals } = parseArguments(own, execFlags);
  refuseTypedPassword(positionals, values);
  if (positionals.length > 0) throw badInput(`unexpected argument '${positionals.join(' ')}'`, { mend: example });
  const { help = false, json = false, fold = false } = values;
  if (json && fold) throw badInput('--json tells every line, --fold does not', { mend: 'type one of the two' });
  if (!help && words.every((word) => word.trim() === '')) throw badInput('there is no command', { mend: example });
  return {
    limit: values.limit,
    forks: parseForks(values.forks),
    inventory: values.inventory,
    vars: values.var ?? [],
    json,
    fold,
    timeoutMs: timeout(values.timeout),
    verbose: values.verbose ?? false,
    asked: { pass: values['ask-pass'] ?? false, becomePass: values['ask-become-pass'] ?? false },
    help,
    words,
  };
}

/** Several words are a program and its arguments, quoted; a single one is a line for the shell, as with ssh. */
export function scriptOf(words: readonly string[]): Script {
  const [line = '', ...rest] = words;
  // The blank keeps a line that begins with a dash from being read as an option of eval.
  return rest.length === 0 ? sh`eval ${` ${line}`}` : sh`${words}`;
}

/** setTimeout takes no more: 24 days. */
const longest = 2_147_483;

function timeout(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const seconds = Number(given);
  if (Number.isFinite(seconds) && seconds > 0 && seconds <= longest) return seconds * 1000;
  throw badInput(`--timeout '${given}' is not a number of seconds above 0`, { mend: 'type for example --timeout 60' });
}
