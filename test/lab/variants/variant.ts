import { resolve } from 'node:path';
import type { HostEntry } from 'konverge';
import { inventory } from '../hosts.ts';
import type { HostName } from '../layout.ts';

/** The lab's inventory with some hosts otherwise. Its vars stay where they are. */
export function variant(changes: Partial<Record<HostName, (entry: HostEntry) => HostEntry>>): typeof inventory {
  const hosts = Object.fromEntries(
    Object.entries(inventory.hosts).map(([name, entry]) => {
      const change = Object.entries(changes).find(([host]) => host === name)?.[1];
      return [name, change === undefined ? entry : change(entry)];
    }),
  );
  const vars = { ...inventory.vars, folder: resolve(import.meta.dirname, '../group_vars') };
  return { ...inventory, hosts, vars };
}

/** The same host, reached as another user. */
export const as =
  (user: string, become: HostEntry['become'] = { method: 'sudo' }) =>
  (entry: HostEntry): HostEntry => ({ ...entry, ssh: { ...entry.ssh, user }, become });
