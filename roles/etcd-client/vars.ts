import { z } from 'zod';
import { artifact } from '../artifact/index.ts';
import { certificateDays } from '../etcd/index.ts';

const absolute = z.string().regex(/^\/[\w./-]+$/, 'is no absolute path');

export const etcdClientVars = z.strictObject({
  source: artifact.describe('etcd-vVERSION-linux-ARCH.tar.gz of a release, of which only etcdctl is taken'),
  etcdGroup: z.string().default('etcd').describe('group of the inventory that holds the members'),
  caFile: absolute.describe('the CA of etcd'),
  certFile: absolute.describe('what the API server shows to etcd; in the same folder'),
  keyFile: absolute.describe('its private key; in the same folder'),
  certificateDays,
});

export type EtcdClientVars = z.output<typeof etcdClientVars>;
