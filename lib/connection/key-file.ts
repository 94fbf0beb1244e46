import { readFile } from 'node:fs/promises';
import { reveal, type Secret } from '../secret.ts';

/** PEM says it in words; the OpenSSH format (PROTOCOL.key) names its cipher after the magic: `none` or another. */
export function isEncrypted(text: string): boolean {
  if (/^Proc-Type: 4,ENCRYPTED|BEGIN ENCRYPTED PRIVATE KEY/m.test(text)) return true;
  const [cipher] = openSshFields(text);
  return cipher !== undefined && cipher.toString('latin1') !== 'none';
}

/** Whether the private key can be read with this passphrase. */
export async function opensWith(key: Buffer, passphrase: Secret<string>): Promise<boolean> {
  const { default: ssh2 } = await import('ssh2');
  return !(ssh2.utils.parseKey(key, reveal(passphrase)) instanceof Error);
}

/**
 * The public half of a private key as the agent lists it (base64), without the passphrase: OpenSSH's own format has it in
 * clear, of others there is the file `KEY.pub`.
 */
export async function publicHalf(file: string, text: string): Promise<string | undefined> {
  const blob = openSshFields(text)[3];
  if (blob !== undefined) return blob.toString('base64');
  const line = await readFile(`${file}.pub`, 'utf8').catch(() => '');
  return line.split(' ')[1];
}

/** OpenSSH PROTOCOL.key: cipher, kdf, its options, and (after the number of keys, always 1) the public key. */
function openSshFields(text: string): readonly Buffer[] {
  const body = /BEGIN OPENSSH PRIVATE KEY-+\s+([A-Za-z0-9+/=\s]+)-/.exec(text)?.[1];
  if (body === undefined) return [];
  const bytes = Buffer.from(body, 'base64');
  const fields: Buffer[] = [];
  let at = 'openssh-key-v1\0'.length;
  for (let i = 0; i < 4 && at + 4 <= bytes.length; i++) {
    if (i === 3) at += 4;
    const length = bytes.readUInt32BE(at);
    fields.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return fields;
}
