import { z } from 'zod';
import { clusterShape } from '../kubeadm/index.ts';

export const kubeadmInitVars = z.strictObject({
  ...clusterShape,
  assumeNoCluster: z
    .array(z.string())
    .default([])
    .describe('control planes that cannot be reached but are known to hold no cluster: they no longer forbid an init'),
});

export type KubeadmInitVars = z.output<typeof kubeadmInitVars>;
