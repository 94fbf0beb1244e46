import { z } from 'zod';
import { clusterShape } from '../kubeadm/index.ts';

export const etcdVars = z.strictObject({
  controlPlaneGroup: clusterShape.controlPlaneGroup,
  apiPort: clusterShape.apiPort,
});

export type EtcdVars = z.output<typeof etcdVars>;
