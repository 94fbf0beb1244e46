import type { LocatedProblem } from '../located-problem.ts';
import type { Origin, VarTree } from '../tree.ts';

/** Vars by name, each with its place; what is given again replaces, as Ansible's default is. */
export type Vars = Map<string, VarTree>;

export interface OutlineGroup {
  readonly origin: Origin;
  /** in the order in which they are named */
  readonly hosts: Set<string>;
  readonly children: Map<string, Origin>;
  readonly vars: Vars;
}

/** An Ansible inventory as it is written, before anybody asks what belongs to whom. */
export interface Outline {
  readonly groups: Map<string, OutlineGroup>;
  readonly hosts: Map<string, { readonly origin: Origin; readonly vars: Vars }>;
  readonly problems: LocatedProblem[];
  readonly notes: LocatedProblem[];
}

export function newOutline(): Outline {
  return { groups: new Map(), hosts: new Map(), problems: [], notes: [] };
}

export function groupIn({ groups }: Outline, name: string, origin: Origin): OutlineGroup {
  const known = groups.get(name) ?? { origin, hosts: new Set(), children: new Map(), vars: new Map() };
  groups.set(name, known);
  return known;
}

export function addHost({ hosts }: Outline, group: OutlineGroup, name: string, vars: Vars, origin: Origin): void {
  const known = hosts.get(name) ?? { origin, vars: new Map() };
  for (const [key, value] of vars) known.vars.set(key, value);
  hosts.set(name, known);
  group.hosts.add(name);
}

export function tell(
  to: LocatedProblem[],
  origin: Origin,
  message: string,
  mend?: string,
  path: LocatedProblem['path'] = [],
): void {
  to.push({ origin, path, message, ...(mend === undefined ? {} : { mend }) });
}
