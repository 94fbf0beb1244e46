import { badInput } from '../../errors.ts';
import { didYouMean } from '../../suggest.ts';

/** Which groups of an Ansible inventory are which of ours. */
export type GroupNames = Readonly<Record<string, string | readonly string[]>>;

/** Names of Kubespray's inventories, today's and those before 2.15. */
const kubespray: Readonly<Record<string, readonly string[]>> = {
  controlPlane: ['kube_control_plane', 'kube-control-plane', 'kube_master', 'kube-master'],
  workers: ['kube_node', 'kube-node'],
};

/**
 * For each group of the playbook the groups of the Ansible inventory that are it: the same name in another spelling
 * (`control_plane`), or Kubespray's. One of `optional` that is not there is left out.
 * @throws BadInput when a wanted one is not found, with the file to write instead
 */
export function recogniseGroups(
  { wanted, optional }: { readonly wanted: readonly string[]; readonly optional: readonly string[] },
  found: readonly string[],
  file: string,
): ReadonlyMap<string, readonly string[]> {
  const theirs = (name: string): readonly string[] =>
    found.filter((each) => spelling(each) === spelling(name) || kubespray[name]?.includes(each));
  const names = [...wanted, ...optional.filter((name) => !wanted.includes(name) && theirs(name).length > 0)];
  const known = new Map(names.map((name) => [name, theirs(name)]));
  const missing = wanted.filter((name) => known.get(name)?.length === 0);
  if (missing.length === 0) return known;
  const own = found.filter((name) => name !== 'all' && name !== 'ungrouped');
  throw badInput(
    `${file}: none of its groups is known as ${missing.join(' or ')}; it has ${own.join(', ') || 'none'}`,
    {
      mend: [
        'say which is which, in a file beside hosts.ts that you give to --inventory instead:',
        ...moduleLines(
          file,
          wanted.map((name) => `${name}: '${known.get(name)?.join("', '") || 'ITS_NAME'}'`),
        ),
      ].join('\n'),
    },
  );
}

const moduleLines = (file: string, groups: readonly string[]): readonly string[] => [
  "import { inventory as own } from './hosts.ts';",
  "import { fromAnsible } from 'konverge';",
  `export const inventory = fromAnsible('${file}', {`,
  `  groups: { ${groups.join(', ')} },`,
  '  vars: own.vars,',
  '});',
];

/** The groups as the operator has named them. @throws BadInput when the inventory has no such group */
export function namedGroups(
  given: GroupNames,
  found: readonly string[],
  file: string,
): ReadonlyMap<string, readonly string[]> {
  const named = new Map(Object.entries(given).map(([name, theirs]) => [name, [theirs].flat()]));
  for (const name of [...named.values()].flat()) {
    if (found.includes(name)) continue;
    const near = didYouMean(name, found);
    throw badInput(`${file} has no group '${name}'`, { mend: near ?? `its groups are ${found.join(', ')}` });
  }
  return named;
}

const spelling = (name: string): string => name.replaceAll(/[-_]/g, '').toLowerCase();
