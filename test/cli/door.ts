import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { installIn } from '../installed.ts';
import { baseVars, fiveHosts, type Given } from '../inventory/base-vars.ts';

const root = resolve(import.meta.dirname, '../..');

/**
 * Five hosts that are all one port of this machine, where somebody counts who comes and lets nobody in: a version of SSH that
 * nobody speaks any more, because whoever is hung up on comes again.
 */
export interface Door {
  readonly visitors: () => number;
  /** A folder with a hosts.ts of them and its group_vars. */
  folderWith(given: Given): string;
  close(): void;
}

export async function openDoor(): Promise<Door> {
  const folder = mkdtempSync(join(tmpdir(), 'konverge-cli-'));
  installIn(folder);
  let visitors = 0;
  const server = createServer((socket) => {
    visitors += 1;
    socket.on('error', () => undefined).end('SSH-1.5-door\r\n');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return {
    visitors: () => visitors,
    folderWith: (given) => folderIn(folder, given, port),
    close() {
      server.close();
      rmSync(folder, { recursive: true });
    },
  };
}

function folderIn(parent: string, { files = {}, ...given }: Given, port: number): string {
  const made = mkdtempSync(join(parent, 'x'));
  mkdirSync(join(made, 'group_vars'));
  for (const [name, text] of Object.entries({ 'all.yaml': baseVars, ...files })) {
    writeFileSync(join(made, 'group_vars', name), text);
  }
  writeFileSync(join(made, 'hosts.ts'), hostsFile(given, port));
  return made;
}

function hostsFile({ hosts = fiveHosts, groups }: Given, port: number): string {
  const reached = Object.entries(hosts).map(([name, entry]) => [name, { ...entry, ssh: { host: '127.0.0.1', port } }]);
  const groupsOf = groups ?? { controlPlane: ['mn01', 'mn02', 'mn03'], workers: ['wn01', 'wn02'] };
  return `import { checkCluster } from '${root}/group_vars/checks/index.ts';
import { clusterVars } from '${root}/group_vars/schema.ts';
import { defineInventory, groupVars } from 'konverge';
export const inventory = defineInventory({
  vars: groupVars('group_vars', clusterVars, checkCluster),
  hosts: ${JSON.stringify(Object.fromEntries(reached))},
  groups: ${JSON.stringify(groupsOf)},
});
`;
}
