import { z } from 'zod';
import { clusterShape } from '../kubeadm/index.ts';

export const kubeconfigVars = z.strictObject({
  users: z
    .array(z.string().regex(/^[a-z_][a-z0-9_-]*$/, 'is not a user name'))
    .default(['root'])
    .describe('users of the host who administer the cluster; whoever has this file is cluster admin'),
  controlPlaneGroup: clusterShape.controlPlaneGroup,
});
