import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { badInput } from '../../errors.ts';
import { reveal } from '../../secret.ts';
import { newIdentity, recipientOf } from '../age.ts';
import { defaultIdentityFile } from '../identity.ts';
import { recipientsFile } from '../recipients.ts';
import { parseArguments } from './arguments.ts';
import type { SecretsContext } from './context.ts';

/**
 * Afterwards the file holds a new identity that nobody else may read. Returns its public key.
 * @throws BadInput when the file exists already: it may be the only way to what was encrypted for it
 */
export async function keygen(args: readonly string[], context: SecretsContext): Promise<string> {
  const example = `${context.program} keygen`;
  const { files } = parseArguments(args, { flags: [], files: 1, example });
  const file = files[0] ?? defaultIdentityFile(context.env);
  const identity = await newIdentity();
  const recipient = await recipientOf(identity);
  const text = `# created: ${new Date().toISOString()}\n# public key: ${recipient}\n${reveal(identity)}\n`;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(file, text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    if (!exists) throw badInput(`${file} cannot be written`, { cause: error });
    throw badInput(`${file} exists, and is never overwritten`, {
      mend: `to have a second one: ${example} another-file.txt`,
    });
  }
  context.say(`The identity is in ${file}: keep a copy in a safe place, what is encrypted for it is lost without it.`);
  context.say(`Its public key goes into ${join(context.root, recipientsFile)}:`);
  return `${recipient}\n`;
}
