import { reveal, type Secret, secret } from '../secret.ts';

/** https://age-encryption.org/v1: how a file of age begins, in binary and in ASCII armor. */
const magic = 'age-encryption.org/v1\n';
const armorHead = '-----BEGIN AGE ENCRYPTED FILE-----';

// Only a run that meets something encrypted pays for loading the library.
const library = () => import('age-encryption');

/** Whether these bytes are a file of age, armored or not. */
export function isAgeFile(bytes: Buffer): boolean {
  const head = bytes.toString('latin1', 0, 200);
  return head.startsWith(magic) || head.trimStart().startsWith(armorHead);
}

/**
 * What was encrypted, as bytes.
 * @throws Error of the library: no identity fits, the file is damaged, an identity is none
 */
export async function decrypt(bytes: Buffer, identities: readonly Secret<string>[]): Promise<Buffer> {
  const { armor, Decrypter } = await library();
  const isBinary = bytes.toString('latin1', 0, magic.length) === magic;
  const file = isBinary ? bytes : armor.decode(bytes.toString('utf8'));
  const decrypter = new Decrypter();
  for (const identity of identities) decrypter.addIdentity(reveal(identity));
  return Buffer.from(await decrypter.decrypt(file));
}

/** The text for these recipients, as an armored file of age. @throws Error of the library when one is no recipient */
export async function encrypt(text: Secret<string>, recipients: readonly string[]): Promise<string> {
  const { armor, Encrypter } = await library();
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  return armor.encode(await encrypter.encrypt(reveal(text)));
}

/** undefined = it is one; else what is wrong with it. */
export async function recipientProblem(recipient: string): Promise<string | undefined> {
  const { Encrypter } = await library();
  try {
    new Encrypter().addRecipient(recipient);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The public half of an identity. @throws Error of the library when it is none */
export async function recipientOf(identity: Secret<string>): Promise<string> {
  const { identityToRecipient } = await library();
  return identityToRecipient(reveal(identity));
}

/** A new X25519 identity: `AGE-SECRET-KEY-1…`. */
export async function newIdentity(): Promise<Secret<string>> {
  const { generateX25519Identity } = await library();
  return secret(await generateX25519Identity());
}
