import { z } from 'zod';

const key = z.strictObject({
  url: z.string().describe('where the key of the repository is, armored or binary'),
  sha256: z.string().optional().describe('of the key; without it the first one seen is trusted'),
});

export const kubePackagesVars = z.strictObject({
  version: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/, 'x.y.z, quoted')
    .describe('of kubeadm, kubelet and kubectl'),
  deb: z
    .strictObject({ uri: z.string(), suite: z.string(), components: z.array(z.string()).default([]), key })
    .describe('the signed repository for apt'),
  rpm: z.strictObject({ baseurl: z.string(), key }).describe('the signed repository for dnf'),
  upgrade: z.boolean().default(false).describe('replaces the packages of a node that is in a cluster already'),
});

export type KubePackagesVars = z.output<typeof kubePackagesVars>;
