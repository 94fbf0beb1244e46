/** https://github.com/containerd/containerd/blob/main/docs/cri/config.md: 2 for containerd 1.x, 3 for 2.x. */
export type ConfigVersion = 2 | 3;

/** undefined = a release this role does not know how to configure. */
export function configVersion(containerd: string): ConfigVersion | undefined {
  const [major = 0, minor = 0] = containerd.split('.').map(Number);
  if (major === 2) return 3;
  return major === 1 && minor >= 6 ? 2 : undefined;
}

export const registryFolder = '/etc/containerd/certs.d';

/** A setting in the words of `containerd config dump`, tables with their keys. */
export interface Setting {
  readonly table: string;
  readonly key: string;
  readonly value: string;
}

const tables = {
  2: {
    sandbox: ['plugins."io.containerd.grpc.v1.cri"', 'sandbox_image'],
    registry: 'plugins."io.containerd.grpc.v1.cri".registry',
    runc: 'plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options',
  },
  3: {
    sandbox: ['plugins."io.containerd.cri.v1.images".pinned_images', 'sandbox'],
    registry: 'plugins."io.containerd.cri.v1.images".registry',
    runc: 'plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options',
  },
} as const;

/** What must be effective whatever else is in config.toml: the kubelet and kubeadm rely on it. */
export function essentials(version: ConfigVersion, sandboxImage: string): readonly Setting[] {
  const { sandbox, registry, runc } = tables[version];
  return [
    { table: sandbox[0], key: sandbox[1], value: sandboxImage },
    { table: registry, key: 'config_path', value: registryFolder },
    { table: runc, key: 'SystemdCgroup', value: 'true' },
  ];
}

/**
 * `table|key` → value of what `containerd config dump` prints: one `key = value` a line below `[table]` lines, tables
 * quoted with " by 1.x and with ' by 2.x. Strings lose their quotes, arrays over several lines are not read.
 */
export function parseDump(text: string): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  let table = '';
  for (const line of text.split('\n')) {
    const header = /^\s*\[([^[\]]+)\]\s*$/.exec(line)?.[1];
    if (header !== undefined) table = header.replaceAll("'", '"');
    const [, key, value] = /^\s*([\w-]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined)
      settings.set(`${table}|${key}`, value.replace(/^(["'])(.*)\1$/, '$2'));
  }
  return settings;
}
