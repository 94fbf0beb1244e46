import { createHmac, randomBytes } from 'node:crypto';
import { isSecret, reveal } from '../secret.ts';

/** A new key for the fingerprints of one file. */
export const newSalt = (): string => randomBytes(16).toString('hex');

/**
 * Two values have one fingerprint when they are the same, secrets in them included. Keyed (HMAC-SHA-256), so that nobody
 * can look a short secret up in a table.
 */
export function fingerprint(salt: string, value: unknown): string {
  return createHmac('sha256', salt)
    .update(JSON.stringify(opened(value)) ?? 'undefined')
    .digest('hex');
}

// JSON.stringify would ask a secret for its mask before any replacer saw it.
function opened(value: unknown): unknown {
  if (isSecret(value)) return { secret: opened(reveal(value)) };
  if (Array.isArray(value)) return value.map(opened);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, opened(each)]));
}
