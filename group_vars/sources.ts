import { badInput } from 'konverge';
import { type Checksum, knownChecksums } from './checksums.ts';
import { mirrorOf } from './mirrors.ts';
import type { ClusterVars } from './schema.ts';

type SourceVars = Pick<ClusterVars, 'versions' | 'mirror' | 'checksums'>;
type Arch = 'amd64' | 'arm64';

/** One file to fetch; `urls` are tried in order. */
export interface Source {
  readonly urls: string[];
  readonly sha256: string;
}

/** An architecture without a known checksum is absent. */
export type Sources = Readonly<Partial<Record<Arch, Source>>>;

export type Artifact = 'containerd' | 'runc' | 'cniPlugins' | 'crictl' | 'nerdctl' | 'buildkit' | 'etcd';

interface Release {
  /** the name in checksum keys and, mostly, in file names */
  readonly name: string;
  readonly repository: string;
  /** the file's name as upstream publishes it */
  readonly file: (version: string, arch: Arch) => string;
}

const releases: Readonly<Record<Artifact, Release>> = {
  containerd: {
    name: 'containerd',
    repository: 'containerd/containerd',
    file: (version, arch) => `containerd-${version}-linux-${arch}.tar.gz`,
  },
  runc: { name: 'runc', repository: 'opencontainers/runc', file: (_, arch) => `runc.${arch}` },
  cniPlugins: {
    name: 'cni-plugins',
    repository: 'containernetworking/plugins',
    file: (version, arch) => `cni-plugins-linux-${arch}-v${version}.tgz`,
  },
  crictl: {
    name: 'crictl',
    repository: 'kubernetes-sigs/cri-tools',
    file: (version, arch) => `crictl-v${version}-linux-${arch}.tar.gz`,
  },
  nerdctl: {
    name: 'nerdctl',
    repository: 'containerd/nerdctl',
    file: (version, arch) => `nerdctl-${version}-linux-${arch}.tar.gz`,
  },
  buildkit: {
    name: 'buildkit',
    repository: 'moby/buildkit',
    file: (version, arch) => `buildkit-v${version}.linux-${arch}.tar.gz`,
  },
  etcd: {
    name: 'etcd',
    repository: 'etcd-io/etcd',
    file: (version, arch) => `etcd-v${version}-linux-${arch}.tar.gz`,
  },
};

/** `containerd-1.6.33`: what `checksums` calls an artifact in the version of the vars. */
export function checksumKey(name: Artifact, { versions }: Pick<ClusterVars, 'versions'>): string {
  return `${releases[name].name}-${versions[name]}`;
}

/** undefined when neither the vars nor this release know it. */
export function checksumOf(key: string, { checksums }: Pick<ClusterVars, 'checksums'>): Checksum | undefined {
  return checksums[key] ?? knownChecksums[key];
}

/** The release files of an artifact, one a CPU architecture. @throws BadInput when no checksum is known */
export function artifact(name: Artifact, vars: SourceVars): Sources {
  const { repository, file } = releases[name];
  const version = vars.versions[name];
  const key = checksumKey(name, vars);
  const sums = checksumOf(key, vars);
  if (sums === undefined || typeof sums === 'string') throw unknownChecksum(key);
  const source = (arch: Arch, sha256: string): Source => ({
    urls: mirrorOf(vars).releases.map(
      (base) => `${base}/${repository}/releases/download/v${version}/${file(version, arch)}`,
    ),
    sha256,
  });
  return {
    ...(sums.amd64 === undefined ? {} : { amd64: source('amd64', sums.amd64) }),
    ...(sums.arm64 === undefined ? {} : { arm64: source('arm64', sums.arm64) }),
  };
}

/** `calico` or `calico-typha`: the manifest's file and checksum name. */
export function calicoManifestName({ calico }: Pick<ClusterVars, 'calico'>): 'calico' | 'calico-typha' {
  return calico.variant === 'typha' ? 'calico-typha' : 'calico';
}

/** The manifest at the version's tag, never of a branch. @throws BadInput when no checksum is known */
export function calicoManifest(vars: SourceVars & Pick<ClusterVars, 'calico'>): Source {
  const name = calicoManifestName(vars);
  const key = `${name}-${vars.versions.calico}`;
  const sum = checksumOf(key, vars);
  if (typeof sum !== 'string') throw unknownChecksum(key);
  return { urls: [`${mirrorOf(vars).calicoManifests}/v${vars.versions.calico}/manifests/${name}.yaml`], sha256: sum };
}

function unknownChecksum(key: string) {
  return badInput(`no sha256 is known for ${key}`, { mend: `add it to checksums as '${key}'` });
}
