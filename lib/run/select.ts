import { readFileSync } from 'node:fs';
import { badInput } from '../errors.ts';
import {
  type Inventory,
  type InventoryDefinition,
  type LoadedInventory,
  loadInventory,
  parseOverrides,
  recogniseAnsible,
} from '../inventory/index.ts';
import { selectHosts } from '../plan/patterns.ts';
import { findInventory, importInventory, isModule } from './find-inventory.ts';

export interface InventoryFlags {
  readonly inventory: string | undefined;
  /** `-e`, as typed */
  readonly vars: readonly string[];
}

/**
 * The inventory that the command line names, else the one nearest above the program, with every var of every host
 * checked; notes go to stderr. Nothing is contacted. `optional`: groups that it need not have. @throws BadInput
 */
export async function inventoryFor<G extends string, V>(
  flags: InventoryFlags,
  program: string,
  optional: readonly string[] = [],
): Promise<LoadedInventory<G, V>> {
  const given = findInventory(flags.inventory, program);
  // An Ansible inventory does not say which groups and vars the playbook needs: the hosts.ts beside the playbook does.
  const file = isModule(given) ? given : findInventory(undefined, program);
  const own = await importInventory<G, V>(file);
  const definition: InventoryDefinition<G, V> = isModule(given) ? own : recogniseAnsible(given, own, optional);
  const overrides = await parseOverrides(flags.vars);
  const inventory = await loadInventory(definition, { file, overrides });
  if (inventory.notes.length > 0) process.stderr.write(`${inventory.notes.join('\n')}\n`);
  return inventory;
}

/** The names that `--limit` selects; undefined = no limit. @throws BadInput, also when it selects nobody */
export function limited<G extends string, V>(
  limit: string | undefined,
  inventory: Inventory<G, V>,
): ReadonlySet<string> | undefined {
  if (limit === undefined) return undefined;
  const names = inventory.hosts.map((host) => host.name);
  const selection = selectHosts(limit, {
    hosts: names,
    groups: inventory.groups,
    readFile: (path) => readFileSync(path, 'utf8'),
  });
  if (selection.hosts !== undefined) return new Set(selection.hosts);
  const [first] = selection.problems;
  throw badInput(`--limit: ${selection.problems.map((problem) => problem.message).join('; ')}`, {
    mend: first?.mend ?? 'see --list-hosts',
  });
}
