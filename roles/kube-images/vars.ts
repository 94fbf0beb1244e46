import { z } from 'zod';
import { clusterShape } from '../kubeadm/index.ts';

export const kubeImagesVars = z.strictObject({
  ...clusterShape,
  extra: z.array(z.string()).default([]).describe('more images that every host should hold'),
});

export type KubeImagesVars = z.output<typeof kubeImagesVars>;
