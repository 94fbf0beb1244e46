import { z } from 'zod';
import { flags } from './fields.ts';

/** How the members of an external etcd run; with `cluster.etcd: stacked` none of it means anything. */
export const etcd = z
  .strictObject({
    dataDir: z
      .string()
      .regex(/^\/[\w./-]+$/, 'is no absolute path')
      .default('/var/lib/etcd')
      .describe('on a fast disk; not to be changed once there is data'),
    heartbeatInterval: z.int().min(10).default(100).describe('milliseconds; about a round trip between members'),
    electionTimeout: z.int().min(50).max(50_000).default(1_000).describe('milliseconds; ten heartbeats'),
    quota: z.int().min(64).max(8_192).default(2_048).describe('MiB of data, beyond which etcd takes no more writes'),
    snapshotCount: z.int().min(1_000).default(10_000).describe('writes between two snapshots'),
    extraArgs: flags(z.string().regex(/^[\w./:,@=+-]*$/, 'holds more than letters, digits and ./:,@=+-_')).describe(
      'flags of etcd, without the leading dashes',
    ),
  })
  .refine(({ heartbeatInterval, electionTimeout }) => electionTimeout >= 5 * heartbeatInterval, {
    error: 'electionTimeout is less than five heartbeats',
    params: { mend: 'take ten times heartbeatInterval' },
  })
  .prefault({});
