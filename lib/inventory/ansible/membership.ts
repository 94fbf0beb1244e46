import { type Outline, tell } from './outline.ts';

export interface Membership {
  /** the members of a group, those of its children included, in the order in which they are named; unknown = undefined */
  hostsOf(group: string): readonly string[] | undefined;
  /** every group of a host, in the order in which their vars are laid over each other: `all` first */
  groupsOf(host: string): readonly string[];
}

/** Who belongs to whom. A group that contains itself is told as a problem. */
export function membershipIn(outline: Outline): Membership {
  const { groups, hosts, problems } = outline;
  const told = new Set<string>();
  const walk = (name: string, above: readonly string[]): readonly string[] => {
    const group = groups.get(name);
    if (group === undefined) return [];
    if (above.includes(name)) {
      const text = [...above.slice(above.indexOf(name)), name].join(' → ');
      if (!told.has(name)) tell(problems, group.origin, `a group contains itself: ${text}`);
      for (const each of above) told.add(each);
      return [];
    }
    return [...group.hosts, ...[...group.children.keys()].flatMap((child) => walk(child, [...above, name]))];
  };
  const members = new Map<string, ReadonlySet<string>>();
  for (const name of groups.keys()) members.set(name, new Set(walk(name, [])));
  members.set('all', new Set(hosts.keys()));
  const depths = depthsIn(outline);
  const order = [...members.keys()].toSorted((a, b) => compare(rank(outline, depths, a), rank(outline, depths, b)));
  return {
    hostsOf: (group) => (members.has(group) ? [...(members.get(group) ?? [])] : undefined),
    groupsOf: (host) => order.filter((group) => members.get(group)?.has(host)),
  };
}

type Rank = readonly [number, number, string];

// inventory/helpers.py, sort_groups: by depth, then priority, then name
function rank({ groups }: Outline, depths: ReadonlyMap<string, number>, name: string): Rank {
  const priority = groups.get(name)?.vars.get('ansible_group_priority');
  const given = priority?.kind === 'leaf' ? Number(priority.value) : 1;
  return [name === 'all' ? 0 : (depths.get(name) ?? 1), Number.isFinite(given) ? given : 1, name];
}

const compare = (a: Rank, b: Rank): number => a[0] - b[0] || a[1] - b[1] || (a[2] < b[2] ? -1 : 1);

/** `all` is 0; a group is one deeper than the deepest that contains it. */
function depthsIn({ groups }: Outline): ReadonlyMap<string, number> {
  const depths = new Map<string, number>([...groups.keys()].map((name) => [name, 1]));
  // At most as many rounds as there are groups: one that contains itself would go down for ever.
  for (let round = 0, changed = true; changed && round < groups.size; round++) {
    changed = false;
    for (const [name, { children }] of groups) {
      if (name === 'all') continue;
      for (const child of children.keys()) {
        const depth = (depths.get(name) ?? 1) + 1;
        if ((depths.get(child) ?? 1) >= depth) continue;
        depths.set(child, depth);
        changed = true;
      }
    }
  }
  return depths;
}
