import { z } from 'zod';

export const chronyVars = z
  .strictObject({
    servers: z.array(z.string()).default([]).describe('single time servers; at least one server or pool'),
    pools: z.array(z.string()).default([]).describe('names that stand for several time servers'),
    allow: z
      .array(z.string())
      .default([])
      .describe('networks (CIDR) that may ask this host; it then goes on serving when its own servers are gone'),
    timezone: z.string().optional().describe('such as Asia/Shanghai; default: as it is'),
    waitForSync: z
      .number()
      .int()
      .positive()
      .optional()
      .describe('wait so many seconds at most until the clock is synchronised; default: do not wait'),
  })
  .refine(({ servers, pools }) => servers.length + pools.length > 0, {
    error: 'names no time server: give servers or pools',
  });
