import { z } from 'zod';
import { artifact } from '../artifact/index.ts';

export const nerdctlVars = z.strictObject({
  enabled: z.boolean().default(true).describe('false: the role does nothing; what is installed stays'),
  source: artifact.optional().describe('nerdctl-VERSION-linux-ARCH.tar.gz of a release (not nerdctl-full)'),
  namespace: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'is not a containerd namespace')
    .default('k8s.io')
    .describe("containerd's namespace that nerdctl works in; k8s.io is the kubelet's"),
});
