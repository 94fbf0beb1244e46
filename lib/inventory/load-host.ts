import { isSecret } from '../secret.ts';
import type { LocatedProblem } from './located-problem.ts';
import type { Places } from './places.ts';
import { noSecret, schemaProblems, typedSecret } from './schema-problem.ts';
import { isTyped, type MapTree, mapOf, mergeMaps, plain, type VarPath, type VarTree } from './tree.ts';
import type { Host, InventoryDefinition } from './types.ts';

export interface LoadedHost<V> {
  readonly host: Host<V>;
  /** its vars as written, merged */
  readonly tree: MapTree;
}

export interface Layers<G extends string> {
  /** the folder that the layers were read from */
  readonly folder: string;
  readonly groups: ReadonlyMap<G, readonly string[]>;
  readonly layers: ReadonlyMap<string, MapTree>;
  readonly places: Places;
  readonly overrides: MapTree | undefined;
}

/** One host with its vars merged and parsed. */
export function loadHost<G extends string, V>(
  { hosts, vars, source }: InventoryDefinition<G, V>,
  name: string,
  { groups, folder, layers, places, overrides }: Layers<G>,
): LoadedHost<V> | { readonly problems: readonly LocatedProblem[] } {
  const entry = hosts[name] ?? { address: '' };
  const own = [...groups].filter(([, members]) => members.includes(name)).map(([group]) => group);
  const files = ['all', ...own].map((group) => layers.get(group));
  const read = source?.varsOf(name, folder);
  const stack = [...files, read, mapOf(entry.vars ?? {}, places.of(name)), overrides];
  const base: MapTree = layers.get('all') ?? { kind: 'map', origin: places.file, entries: new Map() };
  const tree = stack.reduce<MapTree>((under, over) => (over === undefined ? under : mergeMaps(under, over)), base);
  const parsed = vars.schema.safeParse(plain(tree));
  if (!parsed.success) return { problems: schemaProblems(parsed.error.issues, tree, vars.schema, name) };
  const exposed = exposedSecrets(parsed.data, tree, []);
  if (exposed.length > 0) return { problems: exposed.map((problem) => ({ ...problem, host: name })) };
  const { address, ssh = {}, become = { method: 'auto' }, local = false } = entry;
  return { host: { name, address, groups: own, vars: parsed.data, ssh, become, local }, tree };
}

/**
 * Secrets where others can read them: those that were typed on the command line, and encrypted values that a lenient schema
 * has let through as something else (`z.coerce`, a transform).
 */
function exposedSecrets(vars: unknown, tree: VarTree, path: VarPath): readonly LocatedProblem[] {
  if (vars === undefined) return [];
  if (isSecret(vars)) {
    return tree.kind === 'leaf' && isTyped(tree) ? [{ origin: tree.origin, path, ...typedSecret(path) }] : [];
  }
  if (tree.kind === 'leaf') return tree.age === 'value' ? [{ origin: tree.origin, path, ...noSecret }] : [];
  const children = tree.kind === 'list' ? [...tree.items.entries()] : [...tree.entries];
  return children.flatMap(([key, child]) => exposedSecrets(partOf(vars, key), child, [...path, key]));
}

function partOf(vars: unknown, key: string | number): unknown {
  return typeof vars === 'object' && vars !== null ? Reflect.get(vars, key) : undefined;
}
