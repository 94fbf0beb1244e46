import { type FlagSpecs, parseArguments } from '../arguments.ts';
import { badInput } from '../errors.ts';
import { refuseContradictions } from './contradictions.ts';
import { hostFlags, parseForks, refuseTypedPassword } from './host-flags.ts';

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

export const siteFlags = {
  ...hostFlags,
  check: { type: 'boolean', short: 'C' },
  diff: { type: 'boolean', short: 'D' },
  'exit-code': { type: 'boolean' },
  tags: { type: 'string', short: 't', multiple: true, example: '--tags chrony,haproxy' },
  'skip-tags': { type: 'string', multiple: true, example: '--skip-tags preflight,verify' },
  'start-at': { type: 'string', once: true, example: '--start-at kube-packages' },
  resume: { type: 'boolean' },
  step: { type: 'boolean' },
  out: { type: 'string', once: true, example: '--check --out plan.json' },
  plan: { type: 'string', once: true, example: '--plan plan.json' },
  'show-vars': { type: 'string', once: true, example: '--show-vars k8s-mn01' },
  'list-tasks': { type: 'boolean' },
  'list-hosts': { type: 'boolean' },
  'list-tags': { type: 'boolean' },
  plain: { type: 'boolean' },
  profile: { type: 'boolean' },
  junit: { type: 'string', example: '--junit run.xml' },
  report: { type: 'string', example: '--report run.html' },
  log: { type: 'string', example: '--log run.jsonl' },
} as const satisfies FlagSpecs;

/** @throws BadInput naming the flag, with what to type instead */
export function parseFlags(args: readonly string[]): Flags {
  const { values, positionals } = parseArguments(args, siteFlags);
  refuseTypedPassword(positionals, values);
  refuseWords(positionals);
  const lists = (['tasks', 'hosts', 'tags'] as const).filter((what) => values[`list-${what}`] === true);
  refuseContradictions(values, lists);
  return {
    check: values.check ?? false,
    diff: values.diff ?? false,
    exitCode: values['exit-code'] ?? false,
    tags: words('--tags', values.tags),
    skipTags: words('--skip-tags', values['skip-tags']),
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

function refuseWords(positionals: readonly string[]): void {
  if (positionals.length === 0) return;
  throw badInput(`unexpected argument '${positionals.join(' ')}'`, {
    mend: 'a list is one word: --tags chrony,haproxy',
  });
}

/** @throws BadInput when nothing is in the list: `--tags ,` would mean everything */
function words(flag: string, given: readonly string[] | undefined): readonly string[] {
  if (given === undefined) return [];
  const found = given
    .flatMap((each) => each.split(','))
    .map((word) => word.trim())
    .filter((word) => word !== '');
  if (found.length > 0) return found;
  throw badInput(`${flag} '${given.join(' ')}' names no tag`, { mend: `type for example ${flag} chrony,haproxy` });
}
