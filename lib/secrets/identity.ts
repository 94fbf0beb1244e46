import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { badInput } from '../errors.ts';
import { type Secret, secret } from '../secret.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where `keygen` puts an identity and where it is looked for when the environment names none. */
export function defaultIdentityFile(env: Environment): string {
  return join(env['HOME'] ?? homedir(), '.config/konverge/age.txt');
}

/**
 * The age identities to decrypt with: `KONVERGE_AGE_IDENTITY` (the key itself), else the file that
 * `KONVERGE_AGE_IDENTITY_FILE` names, else `~/.config/konverge/age.txt`. A file is read as `age -i` reads it: a key a
 * line, `#` begins a comment.
 * @throws BadInput when there is none, or others may read the file
 */
export function findIdentities(env: Environment): readonly Secret<string>[] {
  const key = env['KONVERGE_AGE_IDENTITY'];
  if (key !== undefined && key.trim() !== '') return identitiesIn(key, 'KONVERGE_AGE_IDENTITY');
  const named = env['KONVERGE_AGE_IDENTITY_FILE'] ?? '';
  const file = named === '' ? defaultIdentityFile(env) : named;
  return identitiesIn(readPrivately(file, named !== ''), file);
}

function identitiesIn(text: string, from: string): readonly Secret<string>[] {
  const lines = text.split('\n').map((line) => line.trim());
  const keys = lines.filter((line) => line !== '' && !line.startsWith('#'));
  // Before anything is said of them: what is no key may be one that was mistyped.
  const hidden = keys.map((line) => secret(line));
  const wrong = lines.findIndex((line) => keys.includes(line) && !/^AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]+$/.test(line));
  if (keys.length > 0 && wrong < 0) return hidden;
  const where = wrong < 0 ? from : `${from}:${wrong + 1}`;
  throw badInput(`${where} holds no age identity`, {
    mend: 'an identity is a line AGE-SECRET-KEY-1…; `npx tsx playbooks/secrets.ts keygen` makes one',
  });
}

/** As ssh does it: a key that others can read is none. */
function readPrivately(file: string, isNamed: boolean): string {
  const mode = statSync(file, { throwIfNoEntry: false })?.mode;
  if (mode === undefined) {
    const why = isNamed ? `there is no ${file}, which KONVERGE_AGE_IDENTITY_FILE names` : 'there is no age identity';
    const make = '`npx tsx playbooks/secrets.ts keygen` makes a new one';
    throw badInput(why, {
      mend: `put yours into ${file} (mode 600) or export KONVERGE_AGE_IDENTITY; ${make}`,
    });
  }
  if ((mode & 0o077) !== 0) {
    const shown = (mode & 0o777).toString(8).padStart(4, '0');
    throw badInput(`others may read the age identity ${file} (mode ${shown})`, { mend: `chmod 600 ${file}` });
  }
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw badInput(`the age identity ${file} cannot be read`, { cause: error, mend: `ls -l ${file}` });
  }
}
