import { z } from 'zod';
import { clusterShape, externalEtcdSchema } from '../kubeadm/index.ts';

export const verifyVars = z.strictObject({
  version: clusterShape.version.describe('what every kubelet runs'),
  endpoint: clusterShape.endpoint,
  endpointPort: clusterShape.endpointPort,
  vip: clusterShape.vip.describe('the address that exactly one control plane holds; absent = not looked for'),
  controlPlaneGroup: clusterShape.controlPlaneGroup,
  workerGroup: z.string().default('workers').describe('group of the inventory that holds the workers'),
  apiPort: clusterShape.apiPort,
  externalEtcd: externalEtcdSchema.optional().describe('how the API servers reach an etcd that runs by itself'),
  etcdGroup: z.string().default('etcd').describe('group of the inventory that holds the members of an external etcd'),
  seconds: z.int().min(0).default(300).describe('how long the cluster may take to become as it should be'),
  stableSeconds: z
    .int()
    .min(0)
    .default(15)
    .describe('how long every container of kube-system must have run without a restart'),
  certificateDays: z.int().min(0).default(30).describe('certificates that expire sooner are named'),
});

export type VerifyVars = z.output<typeof verifyVars>;
