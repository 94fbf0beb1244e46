import type { Inventory } from '../inventory/index.ts';
import type { Host } from '../inventory/types.ts';
import { limited } from '../run/select.ts';

/** The hosts that `--limit` selects, in inventory order; all of them without one. @throws BadInput */
export function selectedHosts(limit: string | undefined, inventory: Inventory): readonly Host[] {
  const names = limited(limit, inventory);
  return inventory.hosts.filter(({ name }) => names?.has(name) ?? true);
}
