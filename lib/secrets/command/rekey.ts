import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { badInput } from '../../errors.ts';
import { composedSecret, reveal, type Secret } from '../../secret.ts';
import { encrypt, isAgeFile } from '../age.ts';
import { type Opener, openerFor } from '../opener.ts';
import { findRecipients } from '../recipients.ts';
import { ageValuesIn, replaceAgeValues } from '../vars-text.ts';
import { writeFileAtomically } from '../write-file.ts';
import { parseArguments } from './arguments.ts';
import type { SecretsContext } from './context.ts';

interface Rewritten {
  readonly file: string;
  readonly content: string;
  /** encrypted values in it; the whole file counts as one */
  readonly values: number;
}

/**
 * Afterwards every encrypted value and file of the folder is encrypted anew, for the recipients there are now. When one of
 * them cannot be decrypted nothing is written.
 */
export async function rekey(args: readonly string[], context: SecretsContext): Promise<string> {
  const example = `${context.program} rekey`;
  const { files, recipients: given } = parseArguments(args, { flags: ['recipient'], files: 1, example });
  const recipients = await findRecipients(given, context.root);
  const folder = files[0] ?? join(context.root, 'group_vars');
  const open = openerFor(context.env);
  const found: Rewritten[] = [];
  for (const file of varsFilesIn(folder)) {
    const rewritten = await rewrite(file, { recipients, open });
    if (rewritten !== undefined) found.push(rewritten);
  }
  for (const { file, content } of found) writeFileAtomically(file, content, statSync(file).mode & 0o7777);
  if (found.length === 0) return `nothing in ${shown(folder)} is encrypted\n`;
  const lines = found.map(({ file, values }) => `${shown(file)}: ${values === 1 ? '1 value' : `${values} values`}`);
  const keys = recipients.length === 1 ? '1 key' : `${recipients.length} keys`;
  context.say('Who was removed can still read what is in the history: change those secrets themselves too.');
  return [...lines, `encrypted anew for ${keys}`, ''].join('\n');
}

const shown = (path: string): string => relative(process.cwd(), path) || path;

async function rewrite(file: string, { recipients, open }: Renewing): Promise<Rewritten | undefined> {
  const bytes = readFileSync(file);
  if (!isAgeFile(bytes)) {
    const { text, values } = await renewValues(bytes.toString('utf8'), shown(file), { recipients, open });
    return values === 0 ? undefined : { file, content: text, values };
  }
  const plain = await opened(bytes, shown(file), 'file', open);
  const { text } = await renewValues(reveal(plain), shown(file), { recipients, open });
  return { file, content: await encrypt(composedSecret(text), recipients), values: 1 };
}

interface Renewing {
  readonly recipients: readonly string[];
  readonly open: Opener;
}

/** The text with every `!age` value in it encrypted anew, and how many there are. */
async function renewValues(text: string, place: string, { recipients, open }: Renewing) {
  const values = ageValuesIn(text, place);
  const armored: string[] = [];
  for (const value of values) {
    const plain = await opened(Buffer.from(value.armored), `${place}:${value.line}`, 'value', open);
    armored.push(await encrypt(plain, recipients));
  }
  return { text: replaceAgeValues(text, values, armored), values: values.length };
}

async function opened(age: Buffer, place: string, kind: 'value' | 'file', open: Opener): Promise<Secret<string>> {
  const found = await open(age, kind);
  if (found.text !== undefined) return found.text;
  throw badInput(`${place}  ${found.problem}; nothing was written`, { mend: found.mend });
}

function varsFilesIn(folder: string): readonly string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isFile() && /\.(?:ya?ml|age)$/.test(entry.name));
    return names.map((entry) => join(folder, entry.name)).toSorted();
  } catch (error) {
    throw badInput(`the folder ${folder} cannot be read`, {
      cause: error,
      mend: 'type rekey FOLDER, the one of your vars',
    });
  }
}
