import { z } from 'zod';
import { clusterShape, versionPattern } from '../kubeadm/index.ts';

export const calicoVars = z.strictObject({
  version: z.string().regex(versionPattern, 'a release such as 3.28.0, never a branch').describe('Calico’s version'),
  source: z
    .strictObject({
      urls: z.array(z.url()).min(1).describe('tried in order'),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    })
    .describe('the manifest as upstream publishes it for this version: calico.yaml or calico-typha.yaml'),
  imageRegistry: z.string().default('docker.io/calico').describe('what stands before /node:v3.28.0'),
  podSubnet: z.cidrv4().describe('the IP pool; Calico makes it once and does not follow a change'),
  kubernetesVersion: clusterShape.version.describe('of the cluster; decides the versions of API objects'),
  encapsulation: z.enum(['ipip', 'vxlan']).default('ipip').describe('how pod traffic crosses hosts'),
  mode: z.enum(['Always', 'CrossSubnet', 'Never']).default('Always').describe('when it is encapsulated'),
  typhaReplicas: z.int().min(1).default(3).describe('of Deployment calico-typha; each needs a host of its own'),
  mtu: z.int().min(576).max(9000).optional().describe('default: Calico finds out'),
  autodetection: z
    .string()
    .default('kubernetes-internal-ip')
    .describe('which address of a host Calico uses; the first one found could be the VIP'),
  hostPlugins: z
    .array(z.string().regex(/^[a-z][a-z0-9-]*$/, 'is not the name of a plugin'))
    .default([])
    .describe(
      'programs in /opt/cni/bin that somebody else keeps there: Calico installs its own beside them, not over them',
    ),
  timeout: z.int().positive().default(600).describe('seconds until Calico runs on every host'),
  controlPlaneGroup: clusterShape.controlPlaneGroup,
  apiPort: clusterShape.apiPort,
});

export type CalicoVars = z.output<typeof calicoVars>;
