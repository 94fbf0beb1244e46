import { badInput } from 'konverge';
import { mirrorOf } from './mirrors.ts';
import type { ClusterVars } from './schema.ts';

/** The signed package repository of one Kubernetes minor version, in both packagings. */
export interface PackageRepositories {
  /** a flat repository: suite `/`, no components */
  readonly deb: {
    readonly uri: string;
    readonly suite: string;
    readonly components: string[];
    readonly key: Key;
  };
  readonly rpm: { readonly baseurl: string; readonly key: Key };
}

interface Key {
  readonly url: string;
}

// kubernetes/kubernetes, cmd/kubeadm/app/constants: PauseVersion of each minor version from 1.20 on.
const pauses = '3.2 3.4.1 3.5 3.6 3.7 3.8 3.9 3.9 3.9 3.9 3.9 3.10 3.10 3.10'.split(' ');
const firstMinor = 20;

/** `1.29.6` → `1.29` */
export function minorOf(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}

/** The packages' repositories: layout of https://kubernetes.io/blog/2023/08/15/pkgs-k8s-io-introduction/ */
export function packageRepositories(vars: Pick<ClusterVars, 'versions' | 'mirror'>): PackageRepositories {
  const base = `${mirrorOf(vars).kubernetesPackages}/v${minorOf(vars.versions.kubernetes)}`;
  return {
    deb: { uri: `${base}/deb/`, suite: '/', components: [], key: { url: `${base}/deb/Release.key` } },
    rpm: { baseurl: `${base}/rpm/`, key: { url: `${base}/rpm/repodata/repomd.xml.key` } },
  };
}

/** The tag of the pause image that kubeadm of this version uses; undefined when neither vars nor table know it. */
export function pauseVersion({ versions }: Pick<ClusterVars, 'versions'>): string | undefined {
  const [major, minor] = versions.kubernetes.split('.').map(Number);
  return versions.pause ?? (major === 1 ? pauses[(minor ?? 0) - firstMinor] : undefined);
}

/** containerd's sandbox image; it must be kubeadm's, or both are pulled. @throws BadInput when its tag is not known */
export function pauseImage(vars: Pick<ClusterVars, 'versions' | 'mirror'>): string {
  const tag = pauseVersion(vars);
  if (tag !== undefined) return `${mirrorOf(vars).imageRepository}/pause:${tag}`;
  throw badInput(`the pause image of Kubernetes ${vars.versions.kubernetes} is not known`, {
    mend: 'set versions.pause',
  });
}

/** `controlPlaneEndpoint` of kubeadm: `NAME:PORT`, or the VIP where there is no name. */
export function controlPlaneEndpoint({ cluster: { endpoint } }: Pick<ClusterVars, 'cluster'>): string {
  return `${endpoint.name ?? endpoint.vip}:${endpoint.port}`;
}
