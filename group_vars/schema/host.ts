import { z } from 'zod';
import { addressOrName, network, seconds, timezone } from './fields.ts';

const printable = /^[\x20-\x7e]+$/;

const sysctlValue = z.union([z.number(), z.string()]).superRefine((value, context) => {
  const text = String(value);
  if (printable.test(text) && text.trim() === text) return;
  const odd = text.match(/[^\x20-\x7e]/)?.[0];
  const message = odd === undefined ? `'${text}' is empty or has blanks around it` : `'${text}' holds '${odd}'`;
  // sysctl takes 524288 and drops the rest without a word; every later comparison of the texts then fails.
  context.addIssue({ code: 'custom', message, params: { mend: 'write a number, or words of plain ASCII' } });
});

/** What every machine gets before Kubernetes comes. */
export const host = {
  timezone: timezone.default('UTC'),
  chrony: z
    .strictObject({
      servers: z.array(addressOrName).default([]).describe('single time servers'),
      pools: z.array(addressOrName).default([]).describe('names that stand for several time servers'),
      allow: z.array(network).default([]).describe('networks that may ask this host for the time'),
      waitForSync: seconds
        .optional()
        .describe('wait so many seconds at most until the clock follows a server; default: do not wait'),
    })
    .refine(({ servers, pools }) => servers.length + pools.length > 0, {
      error: 'names no time server',
      params: { mend: 'give servers or pools: clocks that drift apart break tokens and certificates' },
    }),
  kernelModules: z
    .array(z.string().regex(/^[a-zA-Z0-9_-]+$/, 'is not the name of a kernel module'))
    .default(['overlay', 'br_netfilter', 'nf_conntrack'])
    .describe('loaded now and after each boot'),
  sysctl: z
    .record(z.string().regex(/^[\w-]+(?:[./][\w*-]+)+$/, 'is not a key such as net.ipv4.ip_forward'), sysctlValue)
    .default({})
    .describe('kernel settings; a list of numbers is one text'),
  firewall: z
    .enum(['off', 'rules'])
    .default('off')
    .describe('off: firewalld is not running. rules: it runs, and what the cluster needs is open'),
  selinux: z.enum(['permissive', 'enforcing']).default('permissive').describe('where the distribution has it'),
};
