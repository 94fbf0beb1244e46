import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { checkCluster } from '../../group_vars/checks/index.ts';
import { type ClusterVars, clusterVars } from '../../group_vars/schema.ts';
import { defineInventory, groupVars } from '../../lib/inventory/define.ts';
import { type LoadedInventory, type LoadOptions, loadInventory } from '../../lib/inventory/load.ts';
import type { HostEntry, InventoryDefinition } from '../../lib/inventory/types.ts';

/** A cluster with nothing wrong; the line numbers of the tests are those of this text. */
export const baseVars = `cluster:
  nodeNetwork: 192.168.10.0/24
  podSubnet: 10.244.0.0/16
  serviceSubnet: 172.16.0.0/16
  endpoint:
    vip: 192.168.10.240
versions:
  kubernetes: '1.29.6'
  containerd: '1.6.33'
  runc: '1.1.12'
  cniPlugins: '1.4.0'
  crictl: '1.29.0'
  calico: '3.28.0'
chrony: { pools: [ntp.aliyun.com] }
sysctl:
  net.ipv4.ip_forward: 1
keepalived:
  weight: -60
calico:
  typhaReplicas: 3
`;

export type Hosts = Readonly<Record<string, HostEntry>>;

export const fiveHosts: Hosts = {
  mn01: { address: '192.168.10.11' },
  mn02: { address: '192.168.10.22' },
  mn03: { address: '192.168.10.33' },
  wn01: { address: '192.168.10.100' },
  wn02: { address: '192.168.10.200' },
};

const fiveGroups = { controlPlane: ['mn01', 'mn02', 'mn03'], workers: ['wn01', 'wn02'] };

export interface Given {
  /** files of group_vars by name; all.yaml is `baseVars` unless given */
  readonly files?: Readonly<Record<string, string>>;
  readonly hosts?: Hosts;
  readonly groups?: Readonly<Record<string, readonly string[]>>;
  readonly env?: LoadOptions['env'];
  readonly overrides?: LoadOptions['overrides'];
}

/** Loads an inventory from a folder of its own; messages are relative to that folder. */
export function load({ files = {}, hosts = fiveHosts, groups = fiveGroups, env = {}, overrides }: Given = {}) {
  const definition = { vars: groupVars('group_vars', clusterVars, checkCluster), hosts, groups };
  return loadIn(folderWith({ 'all.yaml': baseVars, ...files }), definition, {
    env,
    ...(overrides === undefined ? {} : { overrides }),
  });
}

export function loadIn<G extends string, V>(
  folder: string,
  definition: InventoryDefinition<G, V>,
  options: Partial<LoadOptions> = {},
): Promise<LoadedInventory<G, V>> {
  return loadInventory(definition, { file: join(folder, 'hosts.ts'), cwd: folder, ...options });
}

/** A folder with these files in group_vars (names with a slash: beside it), gone after the test. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'konverge-inventory-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'group_vars'));
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name.startsWith('/') ? name : `group_vars/${name}`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return folder;
}

/** The message of the error that loading throws, line by line, without its title. */
export async function problemsOf(given: Given): Promise<readonly string[]> {
  return (await failureOf(load(given)))
    .split('\n')
    .slice(1)
    .map((line) => line.trim());
}

export function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return '\n(no error)';
}

/** The message that `work` fails with. */
export async function failureOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return '\n(no error)';
}

export type Loaded = LoadedInventory<string, ClusterVars>;
export { defineInventory };
