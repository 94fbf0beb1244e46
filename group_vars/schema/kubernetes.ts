import { z } from 'zod';
import { flags, seconds } from './fields.ts';

const settings = z.record(z.string(), z.json()).default({});

/** kubeadm and what it sets up. */
export const kubernetes = {
  kubeadm: z
    .strictObject({
      ignorePreflightErrors: z
        .array(z.string())
        .default([])
        .refine((names) => !names.some((name) => name.toLowerCase() === 'all'), {
          error: "'all' would hide what breaks the cluster later",
          params: { mend: 'name the checks one by one, as kubeadm prints them: [ERROR NumCPU]' },
        }),
      taintControlPlanes: z.boolean().default(true).describe('false: control planes take pods too'),
      kubelet: settings.describe('fields of KubeletConfiguration, over our own'),
      kubeProxy: settings.describe('fields of KubeProxyConfiguration, over our own'),
      apiServerExtraArgs: flags(),
      controllerManagerExtraArgs: flags(),
      schedulerExtraArgs: flags(),
      kubeletExtraArgs: flags(),
      etcdExtraArgs: flags().describe('of a stacked etcd'),
      timeout: seconds.default(300).describe('seconds that one kubeadm run may take, image pulls included'),
    })
    .prefault({}),
  calico: z
    .strictObject({
      enabled: z.boolean().default(true),
      variant: z.enum(['typha', 'plain']).default('typha').describe('plain suits up to 50 hosts'),
      typhaReplicas: z
        .int()
        .min(1)
        .default(3)
        .describe('3 and one more for each 200 hosts; each needs a host of its own'),
      encapsulation: z.enum(['ipip', 'vxlan']).default('ipip').describe('how pod traffic crosses hosts'),
      mode: z.enum(['Always', 'CrossSubnet', 'Never']).default('Always').describe('when it is encapsulated'),
      mtu: z.int().min(576).max(9_000).optional().describe('default: Calico finds out'),
      autodetection: z
        .string()
        .min(1)
        .default('kubernetes-internal-ip')
        .describe('which address of a host Calico uses; the first one found could be the VIP'),
    })
    .prefault({}),
  kubeconfig: z
    .strictObject({
      users: z
        .array(z.string().regex(/^[a-z_][a-z0-9_-]*$/, 'is not a user name'))
        .default([])
        .describe('users of the control planes who get ~/.kube/config'),
    })
    .prefault({}),
};
