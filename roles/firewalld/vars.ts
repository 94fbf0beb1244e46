import { z } from 'zod';

const port = z.int().min(1).max(65535);

export const firewalldVars = z.strictObject({
  mode: z
    .enum(['off', 'rules'])
    .default('off')
    .describe('off: no firewall runs. rules: firewalld runs, with what the cluster needs open'),
  controlPlane: z.boolean().default(false).describe('this host is a control plane'),
  node: z.boolean().default(true).describe('this host is a Node of the cluster; false: it only runs etcd'),
  etcd: z.boolean().optional().describe('a member of etcd runs here; default: on control planes'),
  loadBalancerPort: port.default(8443).describe('where haproxy listens on control planes'),
  podSubnet: z.string().optional().describe('traffic from these addresses is let through; needed for `rules`'),
  serviceSubnet: z.string().optional().describe('the same for services'),
  calico: z
    .enum(['ipip', 'vxlan', 'none'])
    .default('ipip')
    .describe('how pods of two hosts reach each other; ipip needs BGP too. none: another network plugin'),
  typha: z.boolean().default(true).describe('Typha may run here'),
  nodePorts: z.boolean().default(true).describe('30000-32767 are open'),
  timeServer: z.boolean().default(false).describe('this host serves the time'),
  extra: z
    .array(z.string().regex(/^\d{1,5}(-\d{1,5})?\/(tcp|udp|sctp)$/, 'is not a port such as 9100/tcp'))
    .default([])
    .describe('more ports to open: `9100/tcp`, `5000-5010/udp`'),
});
