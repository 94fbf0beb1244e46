import { z } from 'zod';

export const sysctlVars = z.strictObject({
  modules: z
    .array(z.string())
    .min(1)
    .default(['overlay', 'br_netfilter', 'nf_conntrack'])
    .describe('kernel modules, loaded now and at each boot'),
  settings: z
    .record(z.string(), z.union([z.string(), z.number()]))
    .describe('kernel parameters by their dotted names; a list of numbers is one text'),
  networkManager: z
    .enum(['unmanaged', 'leave'])
    .default('unmanaged')
    .describe("unmanaged: where NetworkManager runs, it is told to leave the cluster network's interfaces alone"),
});
