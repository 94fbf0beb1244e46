import { z } from 'zod';
import { versionPattern } from './version.ts';

const hostName = z.string().regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, 'an address or a lower-case DNS name');
const flags = z.record(z.string(), z.string());
const component = z.strictObject({
  extraArgs: flags.default({}).describe('flags of the component, without the leading dashes'),
  extraVolumes: z
    .array(
      z.strictObject({
        name: z.string(),
        hostPath: z.string(),
        mountPath: z.string(),
        readOnly: z.boolean().default(true),
        pathType: z.enum(['File', 'FileOrCreate', 'Directory', 'DirectoryOrCreate']).optional(),
      }),
    )
    .default([])
    .describe('files and folders of the host that the component sees'),
});
const absolute = z.string().regex(/^\/[\w./-]+$/, 'is no absolute path');

/** How the API servers reach an etcd that runs by itself. */
export const externalEtcdSchema = z.strictObject({
  endpoints: z
    .array(z.string().regex(/^https:\/\/[\w.:-]+$/, 'is no https URL of a host and port'))
    .min(1)
    .describe('of every member: https://10.0.0.11:2379'),
  caFile: absolute.describe('the CA of the members’ certificates, on every control plane'),
  certFile: absolute.describe('what the API server shows to them'),
  keyFile: absolute.describe('its private key'),
});

const image = { imageRepository: z.string().optional(), imageTag: z.string().optional() };

export const taintSchema = z.strictObject({
  key: z.string(),
  value: z.string().optional(),
  effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']),
});

/** The vars that describe the cluster; kubeadm-init and kubeadm-join take the same ones. */
export const clusterShape = {
  version: z.string().regex(versionPattern, 'x.y.z, quoted').describe('Kubernetes version, without the v'),
  endpoint: hostName.describe('name or address that every client reaches the API at: a DNS name, or the VIP'),
  endpointPort: z.int().min(1).max(65535).default(8443).describe('port of the load balancer in front of the API'),
  vip: z.ipv4().optional().describe('the virtual address, when endpoint is a name; goes into the certificates'),
  apiPort: z.int().min(1).max(65535).default(6443).describe('port of each control plane’s own API server'),
  podSubnet: z.cidrv4().describe('addresses of the pods'),
  serviceSubnet: z.cidrv4().describe('addresses of the services'),
  dnsDomain: z.string().default('cluster.local').describe('domain of the services'),
  clusterName: z.string().default('kubernetes').describe('name of the cluster in kubeconfigs'),
  imageRepository: z.string().default('registry.k8s.io').describe('where the images of Kubernetes come from'),
  certSANs: z.array(z.string()).default([]).describe('more names and addresses for the API’s certificate'),
  criSocket: z
    .string()
    .regex(/^unix:\/\/\//, 'with its scheme: unix:///run/…')
    .default('unix:///run/containerd/containerd.sock')
    .describe('socket of the container runtime'),
  apiServer: component.prefault({}).describe('flags and volumes of kube-apiserver'),
  controllerManager: component.prefault({}).describe('flags and volumes of kube-controller-manager'),
  scheduler: component.prefault({}).describe('flags and volumes of kube-scheduler'),
  etcd: z
    .strictObject({
      dataDir: z.string().startsWith('/').default('/var/lib/etcd'),
      extraArgs: flags.default({}),
      ...image,
      external: externalEtcdSchema
        .optional()
        .describe('an etcd that runs by itself; the other fields then mean nothing'),
    })
    .prefault({})
    .describe('the etcd member that runs beside each API server, or where else etcd is'),
  dns: z.strictObject(image).prefault({}).describe('where CoreDNS comes from, when not from imageRepository'),
  kubelet: z
    .record(z.string(), z.unknown())
    .default({})
    .describe('fields of KubeletConfiguration beyond cgroupDriver: systemd'),
  kubeProxy: z.record(z.string(), z.unknown()).default({}).describe('fields of KubeProxyConfiguration'),
  kubeletExtraArgs: flags.default({}).describe('flags of the kubelet beyond node-ip'),
  taints: z.array(taintSchema).optional().describe('taints of the Node; absent = kubeadm’s own, [] = none'),
  ignorePreflightErrors: z
    .array(z.string().refine((name) => name.toLowerCase() !== 'all', 'name the checks; “all” hides real faults'))
    .default([])
    .describe('kubeadm preflight checks that are known to be wrong here'),
  controlPlaneGroup: z
    .string()
    .default('controlPlane')
    .describe('group of the inventory that holds the control planes'),
  timeout: z.int().positive().default(300).describe('seconds that one kubeadm run may take, image pulls included'),
};

const clusterSchema = z.strictObject(clusterShape);
export type ExternalEtcd = z.output<typeof externalEtcdSchema>;
export type ClusterSettings = z.output<typeof clusterSchema>;
export type Component = z.output<typeof component>;
export type Taint = z.output<typeof taintSchema>;

/** stacked: a member of etcd beside each API server, made by kubeadm. external: etcd is not kubeadm’s affair. */
export type Topology = 'stacked' | 'external';

export const topologyOf = ({ etcd }: Pick<ClusterSettings, 'etcd'>): Topology =>
  etcd.external === undefined ? 'stacked' : 'external';

/** Where kubeadm’s own member keeps its data; undefined = there is none, and what lies there is not kubeadm’s. */
export const memberDataOf = ({ etcd }: Pick<ClusterSettings, 'etcd'>): string | undefined =>
  etcd.external === undefined ? etcd.dataDir : undefined;

/** `host:port` that every kubeconfig of the cluster names. */
export function endpointOf({ endpoint, endpointPort }: Pick<ClusterSettings, 'endpoint' | 'endpointPort'>): string {
  return `${endpoint}:${endpointPort}`;
}
