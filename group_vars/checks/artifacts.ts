import type { Problem } from 'konverge';
import { pauseVersion } from '../kubernetes.ts';
import type { ClusterVars } from '../schema.ts';
import { type Artifact, calicoManifestName, checksumKey, checksumOf } from '../sources.ts';
import type { ClusterCheck } from './cluster-host.ts';

/** Whatever will be downloaded has a checksum to be held against. */
export const checksums: ClusterCheck = (hosts) =>
  hosts.flatMap(({ name: host, vars }) => {
    const files = wanted(vars).map((name) => unknown(name, checksumKey(name, vars), vars, 'a release'));
    const manifest = `${calicoManifestName(vars)}-${vars.versions.calico}`;
    const calico = vars.calico.enabled ? [unknown('calico', manifest, vars, 'a manifest')] : [];
    return [...files, ...calico].flatMap((problem) => (problem === undefined ? [] : [{ ...problem, host }]));
  });

/** The sandbox image of containerd is the one that kubeadm uses. */
export const pause: ClusterCheck = (hosts) =>
  hosts
    .filter(({ vars }) => pauseVersion(vars) === undefined)
    .map(({ name, vars }) => ({
      path: ['versions', 'kubernetes'],
      host: name,
      message: `the pause image of ${vars.versions.kubernetes} is not known here`,
      mend: "add versions.pause: the tag that 'kubeadm config images list' prints",
    }));

function wanted({ cluster, nerdctl, buildkit }: ClusterVars): readonly Artifact[] {
  const always = ['containerd', 'runc', 'cniPlugins', 'crictl'] as const;
  return [
    ...always,
    ...(cluster.etcd === 'external' ? ['etcd' as const] : []),
    ...(nerdctl.enabled ? ['nerdctl' as const] : []),
    ...(buildkit.enabled ? ['buildkit' as const] : []),
  ];
}

function unknown(
  version: Artifact | 'calico',
  key: string,
  vars: ClusterVars,
  what: 'a release' | 'a manifest',
): Problem | undefined {
  const sum = checksumOf(key, vars);
  const wrong = sum === undefined ? `no sha256 is known for ${key}` : misfit(sum, what);
  if (wrong === undefined) return undefined;
  const shape = what === 'a release' ? '{ amd64: …, arm64: … }' : '…';
  const path = sum === undefined ? ['versions', version] : ['checksums', key];
  return { path, message: wrong, mend: `write under checksums: ${key}: ${shape}` };
}

function misfit(sum: string | object, what: 'a release' | 'a manifest'): string | undefined {
  if (what === 'a manifest') return typeof sum === 'string' ? undefined : 'is one file for all architectures';
  if (typeof sum === 'string') return 'is another file on each architecture';
  return Object.values(sum).some((each) => each !== undefined) ? undefined : 'names no architecture';
}
