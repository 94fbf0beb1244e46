import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { $ } from 'zx/core';
import { type HostName, hostNames, hosts, keyPath, knownHostsPath, stateDir } from './layout.ts';

/** Keys: the lab's own for logging in, one per host for being recognised. */

const hostKeysDir = join(stateDir, 'host-keys');

export async function ensureLoginKey(): Promise<void> {
  mkdirSync(hostKeysDir, { recursive: true, mode: 0o700 });
  if (!existsSync(keyPath)) await generate(keyPath, 'konverge-lab');
}

export async function newHostKey(name: HostName): Promise<void> {
  const path = join(hostKeysDir, name);
  for (const file of [path, `${path}.pub`]) rmSync(file, { force: true });
  await generate(path, name);
  writeKnownHosts();
}

async function generate(path: string, comment: string): Promise<void> {
  rmSync(`${path}.new`, { force: true });
  await $({ quiet: true })`ssh-keygen -q -t ed25519 -N '' -C ${comment} -f ${`${path}.new`}`;
  renameSync(`${path}.new.pub`, `${path}.pub`);
  renameSync(`${path}.new`, path);
}

/** Every host under the name its sshd is published by, and under its address inside the lab. */
function writeKnownHosts(): void {
  const lines = hostNames.flatMap((name) => {
    const path = join(hostKeysDir, `${name}.pub`);
    if (!existsSync(path)) return [];
    const [type, key] = readFileSync(path, 'utf8').trim().split(' ');
    return [`[127.0.0.1]:${hosts[name].port},${hosts[name].address} ${type} ${key}`];
  });
  writeFileSync(`${knownHostsPath}.new`, `${lines.join('\n')}\n`);
  renameSync(`${knownHostsPath}.new`, knownHostsPath);
}

export function sshArguments(name: HostName, user = 'root'): readonly string[] {
  const options = [
    'IdentitiesOnly=yes',
    'StrictHostKeyChecking=yes',
    `UserKnownHostsFile=${knownHostsPath}`,
    'BatchMode=yes',
  ];
  const port = String(hosts[name].port);
  return ['-F', 'none', '-i', keyPath, '-p', port, ...options.flatMap((text) => ['-o', text]), `${user}@127.0.0.1`];
}
