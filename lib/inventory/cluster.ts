import { badInput } from '../errors.ts';
import { didYouMean } from '../suggest.ts';
import type { Cluster, HostSet, HostView, Inventory } from './types.ts';

/** The loaded inventory by the names that a playbook uses; a group of `optional` that is not there is empty. */
export function clusterOf<G extends string, V>(
  inventory: Inventory<G, V>,
  optional: readonly NoInfer<G>[] = [],
): Cluster<G, V> {
  return {
    group: (...names) => {
      const present = names.filter((name) => inventory.groups.has(name) || !optional.includes(name));
      const members = new Set(present.flatMap((name) => membersOf(inventory, name)));
      return hostSet(inventory.hosts.filter(({ name }) => members.has(name)));
    },
    all: hostSet(inventory.hosts),
  };
}

/** `first` and `rest` of an empty set are empty. */
export function hostSet<V>(hosts: readonly HostView<V>[]): HostSet<V> {
  return {
    hosts,
    get first() {
      return hostSet(hosts.slice(0, 1));
    },
    get rest() {
      return hostSet(hosts.slice(1));
    },
  };
}

function membersOf<G extends string>({ groups }: Inventory<G>, name: G): readonly string[] {
  const members = groups.get(name);
  if (members !== undefined) return members;
  const near = didYouMean(name, groups.keys());
  throw badInput(`the inventory has no group '${name}'`, {
    mend: near ?? `its groups are ${[...groups.keys()].join(', ')}`,
  });
}
