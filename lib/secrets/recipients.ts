import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { badInput } from '../errors.ts';
import { recipientProblem } from './age.ts';

/** Beside package.json: a public key a line, `#` begins a comment. */
export const recipientsFile = '.age-recipients';

/**
 * Who is to be able to decrypt: those of the command line, else those of `.age-recipients` in `root`.
 * @throws BadInput when there are none, or one is no recipient
 */
export async function findRecipients(given: readonly string[], root: string): Promise<readonly string[]> {
  const file = join(root, recipientsFile);
  const named = given.map((recipient) => ({ recipient, from: '--recipient' }));
  const found = named.length > 0 ? named : linesOf(file);
  if (found.length === 0) {
    throw badInput('there is nobody to encrypt for', {
      mend: `type --recipient age1…, or write a public key a line into ${file}; \`keygen\` prints yours`,
    });
  }
  for (const { recipient, from } of found) {
    const problem = await recipientProblem(recipient);
    if (problem !== undefined) throw noRecipient(recipient, from);
  }
  return found.map(({ recipient }) => recipient);
}

function linesOf(file: string): readonly { readonly recipient: string; readonly from: string }[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((line, index) => ({ recipient: line.replace(/\s*(?:#.*)?$/, '').trim(), from: `${file}:${index + 1}` }))
    .filter(({ recipient }) => recipient !== '');
}

function noRecipient(recipient: string, from: string): Error {
  // The wrong half of a key pair in a file that everybody reads: it is not to be repeated, and no longer to be used.
  if (/^AGE-SECRET-KEY/i.test(recipient)) {
    return badInput(`${from}: that is an identity, the secret half of a key`, {
      mend: 'write its public key, age1…; make a new identity if others have seen this one',
    });
  }
  const mend = recipient.startsWith('ssh-')
    ? 'keys of SSH are not supported: use a public key of `keygen` or age-keygen, age1…'
    : 'a public key of age begins with age1';
  return badInput(`${from}: '${recipient}' is no recipient`, { mend });
}
