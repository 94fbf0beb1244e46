import type { RegistryVars } from './vars.ts';

/** What a hosts.toml says: https://github.com/containerd/containerd/blob/main/docs/hosts.md */
export interface HostsToml extends RegistryVars {
  /** undefined for `_default`, which stands for every registry without a folder of its own */
  readonly server: string | undefined;
}

export function hostsToml(name: string, registry: RegistryVars): HostsToml {
  return { ...registry, server: registry.server ?? serverOf(name) };
}

// docker.io itself serves no images: containerd knows that, but takes the `server` of a hosts.toml literally.
function serverOf(name: string): string | undefined {
  if (name === '_default') return undefined;
  return name === 'docker.io' ? 'https://registry-1.docker.io' : `https://${name}`;
}

export function registryProblems(registries: Readonly<Record<string, RegistryVars>>): readonly string[] {
  const server = registries['docker.io']?.server;
  if (server === undefined || !/^https?:\/\/docker\.io\/?$/.test(server)) return [];
  return [`registries: the server of docker.io is https://registry-1.docker.io; leave it out and that is taken`];
}
