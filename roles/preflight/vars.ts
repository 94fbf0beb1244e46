import { z } from 'zod';

const minimum = (cpus: number, memory: number, disk: number) =>
  z
    .strictObject({
      cpus: z.int().min(1).default(cpus),
      memory: z.int().min(1).default(memory).describe('MiB'),
      disk: z
        .int()
        .min(0)
        .default(disk)
        .describe('MiB free where images, containers and the data of etcd are kept; not asked of a node'),
    })
    .prefault({});

export const preflightVars = z.strictObject({
  controlPlane: z.boolean().default(false).describe('this host is a control plane'),
  node: z.boolean().default(true).describe('this host is a Node of the cluster; false: it only runs etcd'),
  etcd: z.boolean().optional().describe('a member of etcd runs here; default: on control planes'),
  // kubeadm's own floors (NumCPU and Mem preflight checks); it has none for disk and for workers.
  minimum: minimum(2, 1700, 8192).describe('of a control plane'),
  workerMinimum: minimum(1, 900, 8192).describe('of any other host'),
  podSubnet: z.string().describe('CIDR; must not overlap with what the host routes'),
  serviceSubnet: z.string().describe('CIDR; the same'),
  vip: z.string().optional().describe('must be free, or held by a host of the inventory'),
  loadBalancerPort: z.int().min(1).max(65535).default(8443).describe('where haproxy listens on control planes'),
  calico: z
    .enum(['ipip', 'vxlan', 'none'])
    .default('none')
    .describe('its ports must be free too; ipip needs BGP. none: another network plugin'),
  typha: z.boolean().default(false).describe('Typha may run here'),
  clockSkew: z.number().positive().default(5).describe('seconds that a clock may differ from the controller’s'),
});
