import { createHash, createHmac, randomBytes } from 'node:crypto';
import { appendFile, mkdir, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { runProgram } from './local-program.ts';

/** One line of known_hosts that speaks of the host; sshd(8), SSH_KNOWN_HOSTS FILE FORMAT. */
export interface KnownKey {
  readonly revoked: boolean;
  /** `ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-rsa` … */
  readonly type: string;
  readonly blob: Buffer;
  readonly file: string;
}

export type Verdict =
  | { readonly kind: 'known' | 'new' | 'revoked' }
  /** `file` holds another key than the one shown */
  | { readonly kind: 'changed'; readonly file: string };

/** What the files know of a host; `ssh-keygen -F` finds hashed names too. A file that is not there knows nothing. */
export async function lookUpHostKeys(name: string, files: readonly string[]): Promise<readonly KnownKey[]> {
  const found = await Promise.all(
    files.map(async (file) => {
      if (!(await holdsSomething(file))) return [];
      const { stdout } = await runProgram(['ssh-keygen', '-F', name, '-f', file]);
      return parseKnownKeys(stdout, file);
    }),
  );
  return found.flat();
}

async function holdsSomething(file: string): Promise<boolean> {
  const known = await stat(file).catch(() => undefined);
  return known !== undefined && known.isFile() && known.size > 0;
}

export function parseKnownKeys(text: string, file: string): readonly KnownKey[] {
  return text.split('\n').flatMap((line) => {
    const words = line.trim().split(/\s+/);
    const marker = words[0]?.startsWith('@') === true ? words.shift() : undefined;
    const [names, type, key] = words;
    // A certificate authority vouches for certificates, which our client does not speak.
    if (names === undefined || names.startsWith('#') || type === undefined || key === undefined) return [];
    if (marker === '@cert-authority') return [];
    return [{ revoked: marker === '@revoked', type, blob: Buffer.from(key, 'base64'), file }];
  });
}

/** A host that is known by keys of other kinds only counts as changed: else an attacker had only to show a new kind. */
export function judge(known: readonly KnownKey[], shown: Buffer): Verdict {
  const same = known.filter(({ blob }) => blob.equals(shown));
  if (same.some(({ revoked }) => revoked)) return { kind: 'revoked' };
  if (same.length > 0) return { kind: 'known' };
  const other = known.find(({ revoked }) => !revoked);
  return other === undefined ? { kind: 'new' } : { kind: 'changed', file: other.file };
}

const algorithms = ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521'] as const;
const rsaAlgorithms = ['rsa-sha2-512', 'rsa-sha2-256'] as const;
export type HostKeyAlgorithm = (typeof algorithms)[number] | (typeof rsaAlgorithms)[number];

/** Those of known keys first, so that the server shows the key we know and not another of its own. */
export function preferredAlgorithms(known: readonly KnownKey[]): HostKeyAlgorithm[] {
  const types = new Set(known.filter(({ revoked }) => !revoked).map(({ type }) => type));
  const all: HostKeyAlgorithm[] = [...algorithms, ...rsaAlgorithms];
  const isKnown = (each: HostKeyAlgorithm): boolean => types.has(each.startsWith('rsa-') ? 'ssh-rsa' : each);
  return [...all.filter(isKnown), ...all.filter((each) => !isKnown(each))];
}

/** As `ssh-keygen -l` prints it. */
export function fingerprint(blob: Buffer): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

/** The key's own name of its kind: the first string of the blob, RFC 4253 §6.6. */
export function keyType(blob: Buffer): string {
  return blob.toString('latin1', 4, 4 + blob.readUInt32BE(0));
}

/** Afterwards `file` knows the key; made with the modes ssh gives it when it is not there. */
export async function recordHostKey(file: string, name: string, blob: Buffer, hashed: boolean): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const line = `${hashed ? hashName(name) : name} ${keyType(blob)} ${blob.toString('base64')}\n`;
  await appendFile(file, `${(await endsInLine(file)) ? '' : '\n'}${line}`, { mode: 0o600 });
}

// sshd(8): |1|base64 salt|base64 HMAC-SHA1 of the name with the salt as key
function hashName(name: string): string {
  const salt = randomBytes(20);
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
}

async function endsInLine(file: string): Promise<boolean> {
  const text = await readFile(file).catch(() => Buffer.alloc(0));
  return text.length === 0 || text.at(-1) === 10;
}
