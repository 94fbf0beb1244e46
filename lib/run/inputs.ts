import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { HostView } from '../inventory/types.ts';
import { fingerprint } from './fingerprint.ts';
import type { PreparedStepOn } from './prepare.ts';

/** konverge's own version. */
export const version = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))).version;

/**
 * Fingerprints of all that a role is given: its vars on that host, and what every role sees of the inventory (`/etc/hosts`
 * and the members of etcd are made from it). Another version of konverge makes others.
 */
export function inputsWith(
  salt: string,
  inventory: readonly HostView[],
): (step: Pick<PreparedStepOn, 'prepared'>) => string {
  const hosts = inventory.map(({ name, address, groups }) => ({ name, address, groups }));
  const shared = fingerprint(salt, { version, hosts });
  return ({ prepared }) => fingerprint(salt, [shared, prepared.vars]);
}
