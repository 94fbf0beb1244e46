import { reveal, secret } from '../../lib/secret.ts';
import { encrypt, newIdentity, recipientOf } from '../../lib/secrets/age.ts';

export interface Identity {
  /** `AGE-SECRET-KEY-1…` */
  readonly key: string;
  /** `age1…` */
  readonly recipient: string;
  /** `text` for this identity, armored */
  readonly seal: (text: string) => Promise<string>;
}

export async function identity(): Promise<Identity> {
  const made = await newIdentity();
  const recipient = await recipientOf(made);
  return { key: reveal(made), recipient, seal: (text) => encrypt(secret(text), [recipient]) };
}

/** `armored` as the value of a YAML key at this depth. */
export const ageBlock = (armored: string, indent = 2): string =>
  `!age |\n${armored
    .trimEnd()
    .split('\n')
    .map((line) => ' '.repeat(indent) + line)
    .join('\n')}\n`;
