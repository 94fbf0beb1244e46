import type { ClusterVars } from './schema.ts';

/** Where everything comes from, every address told. */
export interface Mirror {
  readonly kubernetesPackages: string;
  readonly imageRepository: string;
  readonly calicoImages: string;
  readonly releases: readonly string[];
  readonly calicoManifests: string;
  readonly packageMirror: PackageMirror;
}

/** Of the distribution's own packages; absent = as the host has it. */
export interface PackageMirror {
  readonly rocky?: string | undefined;
  readonly debian?: string | undefined;
  readonly debianSecurity?: string | undefined;
}

const upstream: Mirror = {
  kubernetesPackages: 'https://pkgs.k8s.io/core:/stable:',
  imageRepository: 'registry.k8s.io',
  calicoImages: 'docker.io/calico',
  releases: ['https://github.com'],
  calicoManifests: 'https://raw.githubusercontent.com/projectcalico/calico',
  packageMirror: {},
};

const named: Readonly<Record<'upstream' | 'aliyun', Mirror>> = {
  upstream,
  aliyun: {
    ...upstream,
    kubernetesPackages: 'https://mirrors.aliyun.com/kubernetes-new/core/stable',
    imageRepository: 'registry.aliyuncs.com/google_containers',
    // Aliyun carries Calico only in private accounts; this is the project's own second registry.
    calicoImages: 'quay.io/calico',
    packageMirror: {
      rocky: 'https://mirrors.aliyun.com/rockylinux',
      debian: 'https://mirrors.aliyun.com/debian',
      debianSecurity: 'https://mirrors.aliyun.com/debian-security',
    },
  },
};

export function mirrorOf({ mirror }: Pick<ClusterVars, 'mirror'>): Mirror {
  if (typeof mirror === 'string') return named[mirror];
  const releases = typeof mirror.releases === 'string' ? [mirror.releases] : mirror.releases;
  return { ...mirror, releases, packageMirror: mirror.packageMirror ?? {} };
}
