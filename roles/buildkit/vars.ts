import { z } from 'zod';
import { artifact } from '../artifact/index.ts';

export const buildkitVars = z.strictObject({
  enabled: z.boolean().default(false).describe('false: the role does nothing; what is installed stays'),
  version: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/, "is not a version such as '0.12.5'")
    .describe('of the source; one that is known to be unsafe is refused'),
  source: artifact.optional().describe('buildkit-vVERSION.linux-ARCH.tar.gz of a release'),
  namespace: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'is not a containerd namespace')
    .default('k8s.io')
    .describe("containerd's namespace that images are built into; k8s.io is the kubelet's"),
});
