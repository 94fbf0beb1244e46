import { existsSync, readFileSync } from 'node:fs';
import { defineInventory, groupVars } from 'konverge';
import { z } from 'zod';
import { checkCluster } from '../../group_vars/checks/index.ts';
import { clusterVars } from '../../group_vars/schema.ts';
import { groups, type HostName, hosts, keyPath, knownHostsPath, lockPath, users } from './layout.ts';

/** The lab as an inventory: reached through ports of this machine, speaking to each other inside the lab's network. */
const entry = (name: HostName) => ({
  address: hosts[name].address,
  ssh: {
    host: '127.0.0.1',
    port: hosts[name].port,
    user: users.root,
    identity: keyPath,
    knownHosts: knownHostsPath,
  },
  vars: { checksums: labChecksums() },
});

export const inventory = defineInventory({
  vars: groupVars('group_vars', clusterVars, checkCluster),
  hosts: { mn01: entry('mn01'), mn02: entry('mn02'), mn03: entry('mn03'), wn01: entry('wn01'), wn02: entry('wn02') },
  groups: { controlPlane: [...groups.controlPlane], workers: [...groups.workers] },
});

/** What the lab built on this machine; empty before the first `lab up`. Its archives are amd64 only. */
function labChecksums(): Record<string, string | { amd64: string }> {
  if (!existsSync(lockPath)) return {};
  const lock = z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(lockPath, 'utf8')));
  const made: Record<string, string | { amd64: string }> = {};
  for (const [path, sum] of Object.entries(lock)) {
    const [, repository = '', release = ''] =
      /^github\/[^/]+\/([^/]+)\/releases\/download\/v([\d.]+)\//.exec(path) ?? [];
    if (repository !== '') made[`${nameOf(repository)}-${release}`] = { amd64: sum };
    const [, version = '', manifest = ''] = /^calico\/v([\d.]+)\/manifests\/(.*)\.yaml$/.exec(path) ?? [];
    if (manifest !== '') made[`${manifest}-${version}`] = sum;
  }
  return made;
}

/** Repository → the name in checksum keys. */
function nameOf(repository: string): string {
  return { plugins: 'cni-plugins', 'cri-tools': 'crictl' }[repository] ?? repository;
}
