import { z } from 'zod';
import { artifact } from '../artifact/index.ts';

const version = z.string().regex(/^\d+\.\d+\.\d+$/, "is not a version such as '3.5.12'");
const certificateDays = z
  .int()
  .min(120)
  .default(365)
  .describe('how long a certificate lasts; it is made anew when fewer than 90 days remain');

export const etcdVars = z.strictObject({
  version: version.describe('of the source'),
  source: artifact.describe('etcd-vVERSION-linux-ARCH.tar.gz of a release'),
  etcdGroup: z.string().default('etcd').describe('group of the inventory that holds the members'),
  token: z
    .string()
    .regex(/^[\w.-]+$/, 'is no plain word')
    .default('konverge')
    .describe('tells two young clusters on one network apart'),
  dataDir: z
    .string()
    .regex(/^\/[\w./-]+$/, 'is no absolute path')
    .default('/var/lib/etcd')
    .describe('on a fast disk; not to be changed once there is data'),
  heartbeatInterval: z.int().min(10).default(100).describe('milliseconds; about a round trip between members'),
  electionTimeout: z.int().min(50).max(50_000).default(1_000).describe('milliseconds; ten heartbeats'),
  quota: z.int().min(64).max(8_192).default(2_048).describe('MiB of data, beyond which etcd takes no more writes'),
  snapshotCount: z.int().min(1_000).default(10_000).describe('writes between two snapshots'),
  extraArgs: z
    .record(
      z.string().regex(/^[a-z][a-z0-9-]*$/, 'is not a flag without its dashes'),
      // Stands in the unit as it is.
      z.string().regex(/^[\w./:,@=+-]*$/, 'holds more than letters, digits and ./:,@=+-_'),
    )
    .default({})
    .describe('flags of etcd, without the leading dashes'),
  certificateDays,
  assumeNoCluster: z
    .array(z.string())
    .default([])
    .describe('etcd hosts that cannot be reached but are known to hold no data: they no longer forbid a beginning'),
});

export type EtcdVars = z.output<typeof etcdVars>;
export { certificateDays };
