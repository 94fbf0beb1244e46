import { z } from 'zod';
import { secretString } from '../../lib/index.ts';

const seconds = z.int().min(1);
const priority = z.int().min(1).max(254);

export const keepalivedVars = z.strictObject({
  vip: z.ipv4().describe('the virtual address; free, and in the network of the hosts'),
  interface: z.string().min(1).optional().describe("default: the one that holds the host's address"),
  virtualRouterId: z.int().min(1).max(255).default(51).describe('unique in the network segment'),
  members: z
    .array(z.strictObject({ name: z.string(), address: z.ipv4(), priority }))
    .min(1)
    .describe('every host that may hold the address, this one included; priorities differ'),
  weight: z.int().min(-253).max(-1).default(-60).describe('added to the priority while haproxy does not answer'),
  authPass: secretString({ max: 8 }).optional().describe('VRRP password; crosses the network in clear text'),
  livenessUrl: z.url().default('http://127.0.0.1:8404/alive').describe('answers with 200 while haproxy lives'),
  interval: seconds.default(3).describe('seconds between two checks'),
  fall: z.int().min(1).default(3).describe('failures in a row until the host counts as failing'),
  rise: z.int().min(1).default(2).describe('successes in a row until it is well again'),
  unicast: z.boolean().default(true).describe('false: VRRP by multicast, which many networks drop'),
});

export type KeepalivedVars = z.output<typeof keepalivedVars>;
