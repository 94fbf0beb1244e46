import { z } from 'zod';

export const hostnameVars = z.strictObject({
  endpoint: z
    .strictObject({
      name: z.string().min(1).describe('a name for the API server'),
      vip: z.string().min(1).describe('the address that the name stands for'),
    })
    .optional()
    .describe('goes into the block of /etc/hosts too; default: only the hosts'),
});
