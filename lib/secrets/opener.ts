import { asKonvergeError } from '../errors.ts';
import { composedSecret, type Secret, secret } from '../secret.ts';
import { decrypt } from './age.ts';
import { type Environment, findIdentities } from './identity.ts';

/** What an encrypted value or file holds, or why that cannot be told. */
export type Opened =
  | { readonly text: Secret<string> }
  | { readonly text?: undefined; readonly problem: string; readonly mend: string };

/** `value`: all of it is one secret. `file`: a text with secrets in it. */
export type Opener = (age: Buffer, kind: 'value' | 'file') => Promise<Opened>;

/** Opens what is encrypted. The identity is looked for when the first such thing is met. Never rejects. */
export function openerFor(env: Environment): Opener {
  let identities: readonly Secret<string>[] | undefined;
  return async (age, kind) => {
    try {
      identities ??= findIdentities(env);
    } catch (thrown) {
      const { message, details } = asKonvergeError(thrown);
      return { problem: `is encrypted, and ${message}`, mend: details.mend ?? '' };
    }
    try {
      const text = (await decrypt(age, identities)).toString('utf8');
      return { text: kind === 'value' ? secret(text) : composedSecret(text) };
    } catch (thrown) {
      return whyNot(thrown instanceof Error ? thrown.message : String(thrown));
    }
  };
}

function whyNot(said: string): Opened {
  if (said.startsWith('no identity matched')) {
    return {
      problem: 'is encrypted for others: your age identity does not open it',
      mend: 'ask one of its recipients to add your public key to .age-recipients and run `npx tsx playbooks/secrets.ts rekey`',
    };
  }
  return {
    problem: `cannot be decrypted: ${said}`,
    mend: 'it is damaged, or only a part of it is there: encrypt it anew with `npx tsx playbooks/secrets.ts encrypt`',
  };
}
