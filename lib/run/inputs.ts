import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { HostView } from '../inventory/types.ts';
import { fingerprint } from './fingerprint.ts';
import type { PreparedStepOn } from './prepare.ts';

/** konverge's own version. */
export const version = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))).version;

/** What all roles of a run have in common. */
export interface Surroundings {
  readonly inventory: readonly HostView[];
  /** see `codeOf` */
  readonly code: string;
}

/**
 * Fingerprints of all that makes a role do what it does: its vars on that host, what every role sees of the inventory
 * (`/etc/hosts` and the members of etcd are made from it), the code. Another version of konverge makes others.
 */
export function inputsWith(
  salt: string,
  { inventory, code }: Surroundings,
): (step: Pick<PreparedStepOn, 'prepared'>) => string {
  const hosts = inventory.map(({ name, address, groups }) => ({ name, address, groups }));
  const shared = fingerprint(salt, { version, hosts, code });
  return ({ prepared }) => fingerprint(salt, [shared, prepared.vars]);
}
