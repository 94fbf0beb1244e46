import { z } from 'zod';

export const selinuxVars = z.strictObject({
  mode: z
    .enum(['permissive', 'enforcing'])
    .default('permissive')
    .describe(
      'permissive: denials are logged, not enforced. enforcing: SELinux is left as it is, and keepalived and haproxy need a policy of yours',
    ),
});
