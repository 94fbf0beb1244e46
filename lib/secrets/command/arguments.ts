import { parseArgs } from 'node:util';
import { badInput } from '../../errors.ts';
import { closest } from '../../suggest.ts';

/** The arguments of one subcommand. */
export interface Arguments {
  readonly files: readonly string[];
  readonly recipients: readonly string[];
  readonly in: string | undefined;
  readonly key: string | undefined;
}

const all = {
  recipient: { type: 'string', short: 'r', multiple: true },
  in: { type: 'string' },
  key: { type: 'string' },
} as const;

export type Flag = keyof typeof all;

export interface Accepted {
  readonly flags: readonly Flag[];
  /** how many files it takes at most */
  readonly files: number;
  /** `npx tsx playbooks/secrets.ts edit group_vars/all.yaml.age` */
  readonly example: string;
}

/** @throws BadInput naming what is wrong, with an example that is right */
export function parseArguments(args: readonly string[], { flags, files, example }: Accepted): Arguments {
  const { values, positionals } = parsed(args, flags, example);
  if (positionals.length > files) {
    throw badInput(`unexpected argument '${positionals.slice(files).join(' ')}'`, {
      mend: `type for example ${example}`,
    });
  }
  const recipients = (values.recipient ?? []).flatMap((each) => each.split(',')).map((each) => each.trim());
  return { files: positionals, recipients: recipients.filter(Boolean), in: values.in, key: values.key };
}

function parsed(args: readonly string[], flags: readonly Flag[], example: string) {
  const unknown = args.find((arg) => arg.startsWith('--') && !flags.some((flag) => flag === nameOf(arg)));
  if (unknown !== undefined) {
    const near = closest(nameOf(unknown), flags);
    const mend = near === undefined ? `type for example ${example}` : `did you mean --${near}?`;
    throw badInput(`unknown option '${unknown}'`, { mend });
  }
  try {
    return parseArgs({ args: [...args], options: all, allowPositionals: true, strict: true });
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('. ', 1)[0] ?? error.message) : String(error);
    throw badInput(message, { mend: `type for example ${example}`, cause: error });
  }
}

const nameOf = (arg: string): string => arg.replace(/^--/, '').replace(/=.*$/s, '');
