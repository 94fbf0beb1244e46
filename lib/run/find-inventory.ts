import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { badInput, KonvergeError } from '../errors.ts';
import type { InventoryDefinition } from '../inventory/index.ts';

/** `--inventory FILE`, else the hosts.ts nearest above the playbook. @throws BadInput */
export function findInventory(given: string | undefined, playbookFile: string): string {
  if (given !== undefined) {
    const file = resolve(given);
    if (existsSync(file)) return file;
    throw badInput(`there is no inventory ${given}`, {
      mend: 'type --inventory path/to/hosts.ts, or an Ansible inventory',
    });
  }
  for (let folder = dirname(playbookFile); ; folder = dirname(folder)) {
    const file = join(folder, 'hosts.ts');
    if (existsSync(file)) return file;
    if (folder === dirname(folder)) break;
  }
  throw badInput(`no hosts.ts beside or above ${playbookFile}`, { mend: 'write one, or type --inventory FILE' });
}

/** A module is ours; every other file is taken for an Ansible inventory. */
export const isModule = (file: string): boolean => /\.[cm]?[jt]s$/.test(file);

/** The `inventory` that the file exports. @throws BadInput */
export async function importInventory<G extends string, V>(file: string): Promise<InventoryDefinition<G, V>> {
  const module: unknown = await import(pathToFileURL(file).href).catch((error: unknown) => {
    // A file that reads another one says itself what is wrong with it.
    if (error instanceof KonvergeError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    // Without "type": "module" it is a CommonJS module, and those load no ES module that waits for something.
    const isCommon = /top-level await/i.test(why);
    const mend = isCommon ? { mend: `write { "type": "module" } into ${join(dirname(file), 'package.json')}` } : {};
    throw badInput(`${file} cannot be loaded: ${why}`, { cause: error, ...mend });
  });
  const inventory: unknown = typeof module === 'object' && module !== null && 'inventory' in module && module.inventory;
  if (isDefinition<G, V>(inventory)) return inventory;
  throw badInput(`${file} does not export an inventory`, {
    mend: 'export const inventory = defineInventory({ vars, hosts, groups })',
  });
}

// That its groups and vars are those the playbook was written for is checked when the playbook asks for them.
function isDefinition<G extends string, V>(value: unknown): value is InventoryDefinition<G, V> {
  return typeof value === 'object' && value !== null && 'hosts' in value && 'groups' in value && 'vars' in value;
}
