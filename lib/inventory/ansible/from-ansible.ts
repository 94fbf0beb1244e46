import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inventoryError, type LocatedProblem } from '../located-problem.ts';
import { displayIn } from '../places.ts';
import type { MapTree } from '../tree.ts';
import type { HostEntry, InventoryDefinition, VarsSource } from '../types.ts';
import { assign } from './assign.ts';
import { type GroupNames, namedGroups, recogniseGroups } from './group-names.ts';
import { sieve } from './ignored.ts';
import { readInventoryFile } from './inventory-file.ts';
import { layersOf } from './layers.ts';
import { membershipIn } from './membership.ts';
import { reachOf } from './reach.ts';
import { unreadable } from './unreadable.ts';

/**
 * Hosts, groups and vars of an Ansible inventory (INI or YAML, with `group_vars` and `host_vars` beside it). `groups` says
 * which of its groups is which of the playbook's; hosts in none of these are left out. A path is relative to the working
 * directory. The file is read at once, nothing is contacted. @throws BadInput with every problem, each with file and line
 */
export function fromAnsible<V, const Group extends string>(
  file: string | URL,
  {
    groups,
    vars,
  }: { readonly groups: { readonly [G in Group]: string | readonly string[] }; readonly vars: VarsSource<V> },
): InventoryDefinition<Group, V> {
  return read(file instanceof URL ? fileURLToPath(file) : resolve(file), vars, { given: groups });
}

/** The same with the groups recognised by their names: our own in any spelling, and Kubespray's; `optional` may be missing. */
export function recogniseAnsible<Group extends string, V>(
  file: string,
  { groups, vars }: Pick<InventoryDefinition<Group, V>, 'groups' | 'vars'>,
  optional: readonly string[] = [],
): InventoryDefinition<Group, V> {
  return read(file, vars, { wanted: Object.keys(groups), optional });
}

type Naming =
  | { readonly given: GroupNames; readonly wanted?: undefined }
  | { readonly wanted: readonly string[]; readonly optional: readonly string[] };

function read<Group extends string, V>(
  path: string,
  vars: VarsSource<V>,
  naming: Naming,
): InventoryDefinition<Group, V> {
  const display = displayIn(process.cwd());
  const file = display(path);
  const outline = readInventoryFile(path, file);
  const { problems, notes } = outline;
  const membership = membershipIn(outline);
  if (problems.length > 0) throw inventoryError(problems, 0);
  const found = ['all', ...[...outline.groups.keys()].filter((name) => name !== 'all')];
  const names =
    naming.wanted === undefined ? namedGroups(naming.given, found, file) : recogniseGroups(naming, found, file);
  const { hosts: kept, groups } = assign(outline, membership, names, naming.wanted !== undefined);
  const layers = layersOf(outline, membership, { folder: dirname(path), env: process.env, display });
  const known = sieve(vars.schema);
  const hosts: Record<string, HostEntry> = {};
  for (const host of kept) hosts[host] = reachOf(host, layers.of(host), notes, problems);
  const originOf = (name: string) => outline.hosts.get(name)?.origin ?? outline.groups.get(name)?.origin ?? { file };
  const varsOf = (host: string, without?: string): MapTree => ({
    kind: 'map',
    origin: originOf(host),
    entries: known.kept(layers.of(host, without)),
  });
  problems.push(...layers.problems, ...kept.flatMap((host) => unreadableIn(varsOf(host), host)));
  if (problems.length > 0) throw inventoryError(problems, kept.length);
  const source = { places: { file: { file }, of: originOf }, notes: [...notes, ...known.notes()], varsOf };
  return withGroups<Group, V>({ vars, hosts, source }, groups);
}

// The groups are those that were asked for, and more, which `--limit` knows.
function withGroups<Group extends string, V>(
  rest: Omit<InventoryDefinition<Group, V>, 'groups'>,
  groups: Readonly<Record<string, readonly string[]>>,
): InventoryDefinition<Group, V> {
  return { ...rest, groups };
}

function unreadableIn({ entries }: MapTree, host: string): readonly LocatedProblem[] {
  return [...entries].flatMap(([name, tree]) => {
    const wrong = unreadable(tree);
    return wrong === undefined ? [] : [{ ...wrong, path: [name], host }];
  });
}
