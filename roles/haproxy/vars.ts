import { z } from 'zod';

const seconds = z.int().min(1);

export const haproxyVars = z.strictObject({
  port: z.int().min(1).max(65_535).default(8443).describe('where clients reach the API server; not its own 6443'),
  backends: z
    .array(z.strictObject({ name: z.string(), address: z.ipv4(), port: z.int().min(1).max(65_535).default(6443) }))
    .min(1)
    .describe('every control plane; one that has not joined yet is simply down'),
  livenessPort: z.int().min(1).max(65_535).default(8404).describe('/alive on 127.0.0.1, for keepalived'),
  maxConnections: z.int().min(100).default(10_000).describe('at once, over all control planes'),
  connectTimeout: seconds.default(5),
  idleTimeout: seconds.default(10_800).describe('seconds: kubectl exec, logs and watches are quiet for long'),
  interval: seconds.default(5).describe('seconds between two checks of /readyz on a control plane'),
  fall: z.int().min(1).default(2),
  rise: z.int().min(1).default(2),
});
