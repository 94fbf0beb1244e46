import { certificateNames, type InitInput, type KubeadmDocument, kubeletFlags, type Machine } from './config-input.ts';
import { type ClusterSettings, type Component, endpointOf } from './settings.ts';

/** How a version of the API writes flags: a map until v1beta3, a list of name and value since v1beta4. */
export type WriteFlags = (flags: Readonly<Record<string, string>>) => unknown;

/** What is the same in every version of kubeadm's API, but for how it writes flags. */
export function nodeRegistration(settings: ClusterSettings, machine: Machine, write: WriteFlags): KubeadmDocument {
  return {
    name: machine.name,
    criSocket: settings.criSocket,
    kubeletExtraArgs: write(kubeletFlags(settings, machine)),
    // Absent and null mean "kubeadm's own taints", [] means "none": say only what is meant.
    ...(settings.taints === undefined ? {} : { taints: settings.taints }),
    ...(settings.ignorePreflightErrors.length === 0 ? {} : { ignorePreflightErrors: settings.ignorePreflightErrors }),
  };
}

export function localAPIEndpoint(settings: ClusterSettings, machine: Machine): KubeadmDocument {
  return { advertiseAddress: machine.address, bindPort: settings.apiPort };
}

/** The fields of InitConfiguration that have not changed since v1beta2. */
export function initFields({ settings, machine, token, certificateKey }: InitInput, write: WriteFlags) {
  return {
    kind: 'InitConfiguration',
    ...(token === undefined ? {} : { bootstrapTokens: [{ token, ttl: '15m0s', description: 'konverge: init' }] }),
    localAPIEndpoint: localAPIEndpoint(settings, machine),
    nodeRegistration: nodeRegistration(settings, machine, write),
    ...(certificateKey === undefined ? {} : { certificateKey }),
  };
}

/** The fields of ClusterConfiguration that have not changed since v1beta2. */
export function clusterFields(input: InitInput, write: WriteFlags) {
  const { settings } = input;
  return {
    kind: 'ClusterConfiguration',
    clusterName: settings.clusterName,
    kubernetesVersion: `v${settings.version}`,
    controlPlaneEndpoint: endpointOf(settings),
    imageRepository: settings.imageRepository,
    networking: {
      podSubnet: settings.podSubnet,
      serviceSubnet: settings.serviceSubnet,
      dnsDomain: settings.dnsDomain,
    },
    apiServer: { ...component(settings.apiServer, write), certSANs: certificateNames(input) },
    controllerManager: component(settings.controllerManager, write),
    scheduler: component(settings.scheduler, write),
    etcd: etcdOf(settings, write),
    dns: imageOf(settings.dns),
  };
}

function etcdOf({ etcd }: ClusterSettings, write: WriteFlags): KubeadmDocument {
  const { dataDir, extraArgs, external } = etcd;
  // One of the two; both are refused.
  if (external !== undefined) return { external };
  return { local: { dataDir, ...imageOf(etcd), ...flagsOf(extraArgs, write) } };
}

function component({ extraArgs, extraVolumes }: Component, write: WriteFlags): KubeadmDocument {
  return { ...flagsOf(extraArgs, write), ...(extraVolumes.length === 0 ? {} : { extraVolumes }) };
}

function flagsOf(flags: Readonly<Record<string, string>>, write: WriteFlags): KubeadmDocument {
  return Object.keys(flags).length === 0 ? {} : { extraArgs: write(flags) };
}

function imageOf({ imageRepository, imageTag }: ClusterSettings['dns']): KubeadmDocument {
  return {
    ...(imageRepository === undefined ? {} : { imageRepository }),
    ...(imageTag === undefined ? {} : { imageTag }),
  };
}
