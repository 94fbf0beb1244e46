import { badInput } from '../../errors.ts';
import { didYouMean } from '../../suggest.ts';
import type { SecretsContext } from './context.ts';
import { edit } from './edit.ts';
import { encryptCommand } from './encrypt.ts';
import { helpOf, overview } from './help.ts';
import { keygen } from './keygen.ts';
import { rekey } from './rekey.ts';

type Subcommand = (args: readonly string[], context: SecretsContext) => Promise<string>;

const subcommands: Readonly<Record<string, Subcommand>> = { keygen, encrypt: encryptCommand, edit, rekey };

/** Does what the command line asks for; returns what is to be printed. @throws KonvergeError BadInput, Interrupted */
export async function runSecrets(args: readonly string[], context: SecretsContext): Promise<string> {
  const [name, ...rest] = args;
  const isHelp = (arg: string): boolean => arg === '--help' || arg === '-h';
  if (name === undefined) throw badInput('which command?', { mend: `type ${context.program} --help` });
  if (isHelp(name)) return overview(context.program);
  const subcommand = Object.hasOwn(subcommands, name) ? subcommands[name] : undefined;
  if (subcommand === undefined) {
    const known = Object.keys(subcommands);
    const mend = didYouMean(name, known) ?? `there are ${known.join(', ')}; see ${context.program} --help`;
    throw badInput(`there is no command '${name}'`, { mend });
  }
  return rest.some(isHelp) ? (helpOf[name] ?? overview)(context.program) : subcommand(rest, context);
}
