import type { LocatedProblem } from '../located-problem.ts';
import { keysAt } from '../schema-shape.ts';
import { type Origin, originText } from '../tree.ts';
import type { Vars } from './outline.ts';
import { reachNames } from './reach.ts';

/** Which vars of an Ansible inventory mean something here, and a word on the others. */
export interface Sieve {
  /** the vars that the schema knows */
  kept(vars: Vars): Vars;
  /** each var that was left out, once, with where it is written first */
  readonly notes: () => readonly LocatedProblem[];
}

const shown = 12;

export function sieve(schema: unknown): Sieve {
  const known = keysAt(schema, []);
  /** by name: a var that tells Ansible how to work */
  const steering = new Map<string, Map<string, Origin>>();
  /** by file: vars of somebody's roles */
  const foreign = new Map<string, { readonly origin: Origin; readonly names: Set<string> }>();
  return {
    kept(vars) {
      const kept: Vars = new Map();
      for (const [name, tree] of vars) {
        const { origin } = tree;
        if (reachNames.has(name)) continue;
        if (name.startsWith('ansible_')) {
          steering.set(name, (steering.get(name) ?? new Map<string, Origin>()).set(originText(origin), origin));
        } else if (known === undefined || known.includes(name)) kept.set(name, tree);
        else {
          const own = foreign.get(origin.file) ?? { origin, names: new Set() };
          own.names.add(name);
          foreign.set(origin.file, { ...own, origin: earlier(own.origin, origin) });
        }
      }
      return kept;
    },
    notes: () => [...[...steering].map(steeringNote), ...[...foreign.values()].map(foreignNote)],
  };
}

const earlier = (a: Origin, b: Origin): Origin => ((b.line ?? 0) < (a.line ?? 0) ? b : a);

function steeringNote([name, places]: readonly [string, ReadonlyMap<string, Origin>]): LocatedProblem {
  const [origin = { file: '' }] = places.values();
  const more = places.size > 1 ? ` (here and in ${places.size - 1} more places)` : '';
  return { origin, path: [name], message: `has no meaning here, ignored${more}` };
}

function foreignNote({
  origin,
  names,
}: {
  readonly origin: Origin;
  readonly names: ReadonlySet<string>;
}): LocatedProblem {
  const all = [...names].toSorted();
  const more = all.length > shown ? ` and ${all.length - shown} more` : '';
  return { origin, path: [], message: `no vars of konverge, ignored: ${all.slice(0, shown).join(', ')}${more}` };
}
