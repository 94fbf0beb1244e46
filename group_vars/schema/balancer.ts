import { secretString } from 'konverge';
import { z } from 'zod';
import { seconds } from './fields.ts';

/** What keeps the API server reachable on the control planes. */
export const balancer = {
  keepalived: z
    .strictObject({
      interface: z.string().min(1).optional().describe("default: the one that holds the host's address"),
      virtualRouterId: z.int().min(1).max(255).default(51).describe('unique in the network segment'),
      priority: z
        .int()
        .min(1)
        .max(254)
        .optional()
        .describe('of one host, given in hosts.ts. Default: 100 for the first control plane, 99, 98 … for the others'),
      weight: z
        .int()
        .min(-253)
        .max(253)
        .default(-60)
        .describe('added to the priority while the check fails; larger than the whole spread of priorities'),
      authPass: secretString({ max: 8 })
        .optional()
        .describe(
          'VRRP password, 8 characters at most; without it there is none. It crosses the network in clear text',
        ),
      interval: seconds.default(3).describe('seconds between two checks of haproxy'),
      fall: z.int().min(1).default(3).describe('failures in a row until the host counts as failing'),
      rise: z.int().min(1).default(2).describe('successes in a row until it is well again'),
      unicast: z
        .boolean()
        .default(true)
        .describe('VRRP to the other control planes only; many networks drop multicast'),
    })
    .prefault({}),
  haproxy: z
    .strictObject({
      maxConnections: z.int().min(100).default(10_000).describe('at once, over all control planes'),
      connectTimeout: seconds.default(5),
      idleTimeout: seconds.default(10_800).describe('seconds: kubectl exec, logs and watches are quiet for long'),
      interval: seconds.default(5).describe('seconds between two checks of /readyz on a control plane'),
      fall: z.int().min(1).default(2),
      rise: z.int().min(1).default(2),
    })
    .prefault({}),
};
