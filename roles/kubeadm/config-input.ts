import type { ClusterSettings } from './settings.ts';

/** A host as kubeadm's configuration names it. */
export interface Machine {
  readonly name: string;
  readonly address: string;
}

/** What an InitConfiguration and a ClusterConfiguration are made from. */
export interface InitInput {
  readonly settings: ClusterSettings;
  readonly machine: Machine;
  /** every control plane of the inventory, whether or not it has joined */
  readonly controlPlanes: readonly Machine[];
  /** 32 bytes in hex; only for `upload-certs` */
  readonly certificateKey?: string;
  /** the one bootstrap token that init makes; only for `init` */
  readonly token?: string;
}

/** What a JoinConfiguration is made from. */
export interface JoinInput {
  readonly settings: ClusterSettings;
  readonly machine: Machine;
  readonly token: string;
  /** `sha256:` and the hash of the CA's public key, in hex */
  readonly caCertHash: string;
  /** present = joins as a control plane */
  readonly certificateKey?: string;
}

/** One YAML document. */
export type KubeadmDocument = Readonly<Record<string, unknown>>;

/** kubeadm's own configuration API in one of its versions. */
export interface ConfigApi {
  init(input: InitInput): readonly KubeadmDocument[];
  join(input: JoinInput): KubeadmDocument;
}

/** Every name and address that a client may use for the API, each once: endpoint, VIP, every control plane. */
export function certificateNames({ settings, controlPlanes }: InitInput): readonly string[] {
  const names = [settings.endpoint, settings.vip, ...controlPlanes.flatMap(({ name, address }) => [name, address])];
  return [...new Set([...names, ...settings.certSANs].filter((name) => name !== undefined))];
}

/** node-ip is always said: the default is the interface of the default route, which may be another, or hold the VIP. */
export function kubeletFlags(settings: ClusterSettings, machine: Machine): Readonly<Record<string, string>> {
  return { 'node-ip': machine.address, ...settings.kubeletExtraArgs };
}

/** The documents that are no part of kubeadm's own API and so do not follow its versions. */
export function componentDocuments({ kubelet, kubeProxy }: ClusterSettings): readonly KubeadmDocument[] {
  return [
    {
      apiVersion: 'kubelet.config.k8s.io/v1beta1',
      kind: 'KubeletConfiguration',
      // containerd 1.6 cannot tell the kubelet its driver, and before 1.22 kubeadm's default was cgroupfs.
      cgroupDriver: 'systemd',
      ...kubelet,
    },
    { apiVersion: 'kubeproxy.config.k8s.io/v1alpha1', kind: 'KubeProxyConfiguration', ...kubeProxy },
  ];
}
