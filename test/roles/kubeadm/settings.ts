import { z } from 'zod';
import { type ClusterSettings, clusterShape } from '../../../roles/kubeadm/index.ts';

const schema = z.strictObject(clusterShape);

/** Settings of a small cluster; every default is the schema’s own. */
export function settings(more: Partial<z.input<typeof schema>> = {}): ClusterSettings {
  return schema.parse(given(more));
}

export function given(more: Partial<z.input<typeof schema>> = {}): z.input<typeof schema> {
  return {
    version: '1.29.6',
    endpoint: 'k8s-api.example',
    vip: '10.0.0.240',
    podSubnet: '10.244.0.0/16',
    serviceSubnet: '10.96.0.0/12',
    ...more,
  };
}

export const controlPlanes = [
  { name: 'mn01', address: '10.0.0.11' },
  { name: 'mn02', address: '10.0.0.22' },
  { name: 'mn03', address: '10.0.0.33' },
] as const;
