import { badInput } from '../errors.ts';
import { parseArguments, parseForks } from './arguments.ts';

/** What the command line asked for. */
export interface Flags {
  readonly check: boolean;
  readonly diff: boolean;
  readonly exitCode: boolean;
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
  readonly limit: string | undefined;
  /** the first role to run */
  readonly startAt: string | undefined;
  /** go on with the last run that broke off */
  readonly resume: boolean;
  /** ask before each role */
  readonly step: boolean;
  /** where `--check` leaves its plan */
  readonly out: string | undefined;
  /** apply exactly this plan */
  readonly plan: string | undefined;
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
  'start-at': { type: 'string' },
  resume: { type: 'boolean' },
  step: { type: 'boolean' },
  out: { type: 'string' },
  plan: { type: 'string' },
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

/** @throws BadInput naming the flag, with what to type instead */
export function parseFlags(args: readonly string[]): Flags {
  const { values, positionals } = parseArguments(args, options);
  refusePositionals(positionals, values);
  const lists = (['tasks', 'hosts', 'tags'] as const).filter((what) => values[`list-${what}`] === true);
  if (lists.length > 1) throw badInput('only one --list-… at a time', { mend: `type --list-${lists[0]} alone` });
  refuseMisuse(values);
  return {
    check: values.check ?? false,
    diff: values.diff ?? false,
    exitCode: values['exit-code'] ?? false,
    tags: words(values.tags),
    skipTags: words(values['skip-tags']),
    limit: values.limit,
    startAt: values['start-at'],
    resume: values.resume ?? false,
    step: values.step ?? false,
    out: values.out,
    plan: values.plan,
    forks: parseForks(values.forks),
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

/** @throws BadInput for whatever is no flag */
function refusePositionals(
  positionals: readonly string[],
  values: { readonly 'ask-pass'?: boolean; readonly 'ask-become-pass'?: boolean },
): void {
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
}

interface Combined {
  readonly check?: boolean;
  readonly json?: boolean;
  readonly resume?: boolean;
  readonly step?: boolean;
  readonly out?: string;
  readonly plan?: string;
}

/** Flags that contradict each other. @throws BadInput */
function refuseMisuse({ check = false, json = false, resume = false, step = false, out, plan }: Combined): void {
  if (out !== undefined && !check) {
    throw badInput('--out keeps what --check finds', { mend: `type --check --out ${out}` });
  }
  const others = [...(check ? ['--check'] : []), ...(resume ? ['--resume'] : []), ...(step ? ['--step'] : [])];
  if (plan !== undefined && others.length > 0) {
    throw badInput(`--plan applies what was decided, ${others.join(' and ')} does not go with it`, {
      mend: `type --plan ${plan} alone`,
    });
  }
  if (resume && check) {
    throw badInput('--resume goes on with a real run, --check is none', { mend: 'type --resume, or --check' });
  }
  if (step && (json || !process.stdin.isTTY)) {
    const why = json ? '--json leaves no room for that' : 'there is no terminal to ask on';
    throw badInput(`--step asks before each role, and ${why}`, { mend: 'type it on a terminal, without --json' });
  }
}

function words(given: readonly string[] | undefined): readonly string[] {
  return (given ?? [])
    .flatMap((each) => each.split(','))
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
