import { z } from 'zod';
import { clusterShape } from '../kubeadm/index.ts';

export const kubeadmJoinVars = z.strictObject(clusterShape);

export type KubeadmJoinVars = z.output<typeof kubeadmJoinVars>;
