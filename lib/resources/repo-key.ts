import { createHash } from 'node:crypto';
import { badInput } from '../errors.ts';
import type { Change } from './contract.ts';

/** The OpenPGP key a repository is signed with, armored or binary. */
export type RepositoryKey =
  | {
      /** fetched by the host */
      readonly url: string;
      /** hex, of the file at `url`; without it the key is trusted as first seen */
      readonly sha256?: string | undefined;
    }
  | { readonly text: string };

/** @throws BadInput */
export function checkKey(name: string, key: RepositoryKey): void {
  if ('text' in key) {
    if (key.text.includes('-----BEGIN PGP PUBLIC KEY BLOCK-----')) return;
    throw badInput(`package repository ${name}: the text is no armored OpenPGP key`);
  }
  if (!/^(?:https?|file):\/\/\S+$/.test(key.url)) {
    throw badInput(`package repository ${name}: '${key.url}' is no http, https or file URL of a key`);
  }
  if (key.sha256 !== undefined && !/^[0-9a-f]{64}$/.test(key.sha256)) {
    throw badInput(`package repository ${name}: '${key.sha256}' is not a sha256 (64 lower-case hex digits)`);
  }
}

/** What differs between the wished key and the file on the host. */
export function keyChange(key: RepositoryKey, found: Buffer | undefined): readonly Change[] {
  const to = 'text' in key ? 'the given key' : key.url;
  if (found === undefined || found.length === 0) return [{ path: 'key', to }];
  return isWished(key, found) ? [] : [{ path: 'key', from: 'another one', to }];
}

function isWished(key: RepositoryKey, found: Buffer): boolean {
  if ('text' in key) return found.toString() === keyText(key.text);
  return key.sha256 === undefined || [found, binaryOf(found)].some((bytes) => sha256(bytes) === key.sha256);
}

export const keyText = (text: string): string => `${text.trim()}\n`;

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** Binary keys are kept armored (see repo-apply.ts): the bytes inside are what was fetched. RFC 9580 §6.2. */
function binaryOf(armored: Buffer): Buffer {
  const body = /-----BEGIN [^\n]+\n\n([^=-]+=*)/.exec(armored.toString('latin1'))?.[1] ?? '';
  return Buffer.from(body, 'base64');
}
