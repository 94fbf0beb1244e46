import { parseArgs } from 'node:util';
import { badInput } from '../errors.ts';
import { closest } from '../suggest.ts';

/** What the command line asked for. */
export interface Flags {
  readonly check: boolean;
  readonly diff: boolean;
  readonly exitCode: boolean;
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
  readonly limit: string | undefined;
  /** hosts at work at once */
  readonly forks: number;
  readonly inventory: string | undefined;
  readonly askPass: boolean;
  readonly askBecomePass: boolean;
  /** vars of the command line, as typed */
  readonly vars: readonly string[];
  readonly showVars: string | undefined;
  readonly list: 'tasks' | 'hosts' | 'tags' | undefined;
  readonly json: boolean;
  readonly plain: boolean;
  readonly verbose: boolean;
  readonly profile: boolean;
  /** files beside what is printed */
  readonly junit: string | undefined;
  readonly report: string | undefined;
  readonly log: string | undefined;
  readonly help: boolean;
}

const options = {
  check: { type: 'boolean', short: 'C' },
  diff: { type: 'boolean', short: 'D' },
  'exit-code': { type: 'boolean' },
  tags: { type: 'string', short: 't', multiple: true },
  'skip-tags': { type: 'string', multiple: true },
  limit: { type: 'string', short: 'l' },
  forks: { type: 'string', short: 'f' },
  inventory: { type: 'string', short: 'i' },
  var: { type: 'string', short: 'e', multiple: true },
  'show-vars': { type: 'string' },
  'list-tasks': { type: 'boolean' },
  'list-hosts': { type: 'boolean' },
  'list-tags': { type: 'boolean' },
  'ask-pass': { type: 'boolean', short: 'k' },
  'ask-become-pass': { type: 'boolean', short: 'K' },
  json: { type: 'boolean' },
  plain: { type: 'boolean' },
  verbose: { type: 'boolean', short: 'v' },
  profile: { type: 'boolean' },
  junit: { type: 'string' },
  report: { type: 'string' },
  log: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

const defaultForks = 50;

/** @throws BadInput naming the flag, with what to type instead */
export function parseFlags(args: readonly string[]): Flags {
  const { values, positionals } = parse(args);
  if (positionals.length > 0 && (values['ask-pass'] || values['ask-become-pass'])) {
    throw badInput('a password is asked for, not given on the command line, where all users of this machine see it', {
      mend: 'type -k and -K alone',
    });
  }
  if (positionals.length > 0) {
    throw badInput(`unexpected argument '${positionals.join(' ')}'`, {
      mend: 'a list is one word: --tags chrony,haproxy',
    });
  }
  const lists = (['tasks', 'hosts', 'tags'] as const).filter((what) => values[`list-${what}`] === true);
  if (lists.length > 1) throw badInput('only one --list-… at a time', { mend: `type --list-${lists[0]} alone` });
  return {
    check: values.check ?? false,
    diff: values.diff ?? false,
    exitCode: values['exit-code'] ?? false,
    tags: words(values.tags),
    skipTags: words(values['skip-tags']),
    limit: values.limit,
    forks: forks(values.forks),
    inventory: values.inventory,
    askPass: values['ask-pass'] ?? false,
    askBecomePass: values['ask-become-pass'] ?? false,
    vars: values.var ?? [],
    showVars: values['show-vars'],
    list: lists[0],
    json: values.json ?? false,
    plain: values.plain ?? false,
    verbose: values.verbose ?? false,
    profile: values.profile ?? false,
    junit: values.junit,
    report: values.report,
    log: values.log,
    help: values.help ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    const unknown = args.find((arg) => arg.startsWith('--') && !(nameOf(arg) in options)) ?? '';
    const near = closest(nameOf(unknown), Object.keys(options));
    const message = error instanceof Error ? (error.message.split('. ', 1)[0] ?? error.message) : String(error);
    throw badInput(message, { mend: near === undefined ? 'see --help' : `did you mean --${near}?`, cause: error });
  }
}

function words(given: readonly string[] | undefined): readonly string[] {
  return (given ?? [])
    .flatMap((each) => each.split(','))
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

function forks(given: string | undefined): number {
  if (given === undefined) return defaultForks;
  const count = Number(given);
  if (Number.isInteger(count) && count > 0) return count;
  throw badInput(`--forks '${given}' is not a whole number above 0`, { mend: 'type for example --forks 20' });
}

const nameOf = (arg: string): string => arg.replace(/^--/, '').replace(/=.*$/s, '');
