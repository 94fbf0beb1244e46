import { parseArgs } from 'node:util';
import { badInput } from './errors.ts';
import { closest } from './suggest.ts';

/** A flag of a command line, as `parseArgs` takes it, and more. */
export type FlagSpec = Switch | Valued;

interface Switch {
  readonly type: 'boolean';
  /** its letter */
  readonly short?: string;
}

interface Valued {
  readonly type: 'string';
  readonly short?: string;
  /** may be given again, and all of them count */
  readonly multiple?: boolean;
  /** given again it is refused: of two selections one would be lost silently */
  readonly once?: boolean;
  /** what to type, for whoever mistyped it */
  readonly example: string;
}

export type FlagSpecs = Readonly<Record<string, FlagSpec>>;

interface Token {
  readonly kind: 'option';
  readonly name: string;
  /** as typed: `-l`, `--limit` */
  readonly rawName: string;
  readonly value?: string | undefined;
  /** `--limit=x`, `-lx` */
  readonly inlineValue?: boolean | undefined;
}

/** The command line by the flags there are. @throws BadInput naming the flag, with what to type instead */
export function parseArguments<const S extends FlagSpecs>(args: readonly string[], specs: S) {
  const config = { args: [...args], options: specs, allowPositionals: true } as const;
  const { tokens } = parseArgs({ ...config, strict: false, tokens: true });
  const seen = new Set<string>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    refuseMisuse(token, specs);
    if (seen.has(token.name) && isOnce(specs[token.name])) throw givenTwice(token.rawName);
    seen.add(token.name);
  }
  return parseArgs({ ...config, strict: true });
}

/** @throws BadInput for a flag that is unknown, lacks its value, or has one where it takes none */
function refuseMisuse({ name, rawName, value, inlineValue = false }: Token, specs: FlagSpecs): void {
  const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
  if (spec === undefined) throw unknownFlag(name, rawName, specs);
  if (spec.type === 'boolean') {
    // What was given is not repeated: after --ask-pass it is a password.
    if (value !== undefined) throw badInput(`${rawName} takes no value`, { mend: `type ${rawName} alone` });
    return;
  }
  const mend = `type for example ${spec.example}`;
  if (value === undefined) throw badInput(`${rawName} needs a value`, { mend });
  if (value.trim() === '') {
    throw badInput(`${rawName} is empty: a variable of the shell that is not set?`, {
      mend: `${mend}, or leave it out`,
    });
  }
  if (!inlineValue && value.startsWith('-')) {
    throw badInput(`${rawName} needs a value, and '${value}' looks like a flag`, {
      mend: `${mend}; a value that begins with a dash: --${name}=${value}`,
    });
  }
}

function unknownFlag(name: string, rawName: string, specs: FlagSpecs): Error {
  const near = rawName.startsWith('--') ? closest(name, Object.keys(specs)) : undefined;
  return badInput(`unknown option '${rawName}'`, {
    mend: ansible[name] ?? (near === undefined ? 'see --help' : `did you mean --${near}?`),
  });
}

const isOnce = (spec: FlagSpec | undefined): boolean => spec?.type === 'string' && spec.once === true;

const givenTwice = (rawName: string): Error =>
  badInput(`${rawName} is given twice, and only one can count`, { mend: `type ${rawName} once` });

/** Flags of ansible-playbook that are called otherwise here, or stand elsewhere. */
const ansible: Readonly<Record<string, string>> = {
  b: 'nothing to type: it becomes root by itself; how, is said in hosts.ts: become: { method, password }',
  become: 'nothing to type: it becomes root by itself; how, is said in hosts.ts: become: { method, password }',
  'extra-vars': 'type -e key=value or --var key=value',
  'list-hosts': 'type playbooks/site.ts --list-hosts with the same --limit',
  'private-key': "say it in hosts.ts: ssh: { identity: '…' }, or in ~/.ssh/config",
  'start-at-task': 'type --start-at ROLE',
  'syntax-check': 'type --list-tasks: what is wrong is found before anything is contacted',
  u: "say it in hosts.ts: ssh: { user: '…' }, or in ~/.ssh/config",
  user: "say it in hosts.ts: ssh: { user: '…' }, or in ~/.ssh/config",
};
