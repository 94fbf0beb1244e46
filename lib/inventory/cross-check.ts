import type { LoadedHost } from './load-host.ts';
import type { LocatedProblem } from './located-problem.ts';
import type { Places } from './places.ts';
import { type Origin, originAt, treeAt } from './tree.ts';
import type { InventoryDefinition, Problem } from './types.ts';

/** What the vars source's own check says, with the places of the vars it speaks of. */
export function crossCheck<V>(
  { vars }: InventoryDefinition<string, V>,
  loaded: readonly LoadedHost<V>[],
  places: Places,
): { readonly problems: readonly LocatedProblem[]; readonly notes: readonly LocatedProblem[] } {
  const found = vars.check(loaded.map(({ host }) => host));
  const located = (each: Problem): LocatedProblem => {
    const { path, message, mend, host } = each;
    const shared = { path, message, ...(mend === undefined ? {} : { mend }), ...(host === undefined ? {} : { host }) };
    return { ...shared, origin: placeOf(each, loaded, places) };
  };
  return {
    problems: found.filter(({ severity }) => severity === undefined).map(located),
    notes: found.filter(({ severity }) => severity === 'note').map(located),
  };
}

/** Where a check's var was written: for that host, else for the first host that has it. */
function placeOf<V>({ path, host }: Problem, loaded: readonly LoadedHost<V>[], places: Places): Origin {
  if (path.length === 0) return host === undefined ? places.file : places.of(host);
  const own = loaded.find((each) => each.host.name === host);
  const holder = own ?? loaded.find(({ tree }) => treeAt(tree, path) !== undefined) ?? loaded[0];
  return holder === undefined ? places.file : originAt(holder.tree, path);
}
