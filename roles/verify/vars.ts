import { z } from 'zod';
import { clusterShape } from '../kubeadm/index.ts';

export const verifyVars = z.strictObject({
  version: clusterShape.version.describe('what every kubelet runs'),
  endpoint: clusterShape.endpoint,
  endpointPort: clusterShape.endpointPort,
  vip: clusterShape.vip.describe('the address that exactly one control plane holds; absent = not looked for'),
  controlPlaneGroup: clusterShape.controlPlaneGroup,
  apiPort: clusterShape.apiPort,
  seconds: z.int().min(0).default(300).describe('how long the cluster may take to become as it should be'),
  stableSeconds: z
    .int()
    .min(0)
    .default(15)
    .describe('how long every container of kube-system must have run without a restart'),
  certificateDays: z.int().min(0).default(30).describe('certificates that expire sooner are named'),
});

export type VerifyVars = z.output<typeof verifyVars>;
