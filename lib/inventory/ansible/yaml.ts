import type { Environment } from '../../secrets/index.ts';
import type { MapTree, VarTree } from '../tree.ts';
import { readVars } from '../yaml-tree.ts';
import { addHosts } from './ini.ts';
import { groupIn, newOutline, type Outline, tell, type Vars } from './outline.ts';

/** The YAML form of Ansible's inventory (its plugin `yaml`): groups with `hosts`, `vars` and `children`. */
export function readYaml(text: string, file: string, env: Environment): Outline {
  const outline = newOutline();
  const { tree, problems } = readVars(text, file, env, { dialect: 'ansible' });
  outline.problems.push(...problems);
  const plugin = tree?.entries.get('plugin');
  if (plugin?.kind === 'leaf') {
    const mend = `let Ansible ask it and read the answer: ansible-inventory -i ${file} --list --yaml --output hosts.yaml`;
    tell(outline.problems, plugin.origin, 'is the configuration of an inventory plugin, not an inventory', mend);
    return outline;
  }
  for (const [name, group] of tree?.entries ?? []) readGroup(name, group, outline);
  return outline;
}

function readGroup(name: string, tree: VarTree, outline: Outline): void {
  const group = groupIn(outline, name, tree.origin);
  for (const [key, part] of entriesOf(tree, `group ${name}`, outline)) {
    if (key === 'hosts') {
      for (const [pattern, own] of entriesOf(part, `hosts of ${name}`, outline)) {
        const vars: Vars = new Map(entriesOf(own, `vars of ${pattern}`, outline));
        addHosts(pattern, { group, vars, origin: own.origin }, outline);
      }
    } else if (key === 'vars') {
      for (const [variable, value] of entriesOf(part, `vars of ${name}`, outline)) group.vars.set(variable, value);
    } else if (key === 'children') {
      for (const [child, below] of entriesOf(part, `children of ${name}`, outline)) {
        group.children.set(child, below.origin);
        readGroup(child, below, outline);
      }
    } else {
      tell(
        outline.notes,
        part.origin,
        `group ${name}: '${key}' is ignored, as Ansible does; it knows hosts, vars and children`,
      );
    }
  }
}

/** Nothing at all is an empty map; a single name is a map with that key. */
function entriesOf(tree: VarTree, what: string, outline: Outline): MapTree['entries'] {
  if (tree.kind === 'map') return tree.entries;
  if (tree.kind === 'leaf' && tree.value === null) return new Map();
  if (tree.kind === 'leaf' && typeof tree.value === 'string') {
    return new Map([[tree.value, { kind: 'leaf', origin: tree.origin, value: null }]]);
  }
  tell(outline.problems, tree.origin, `${what} must be a map`, 'write one name a line, each with a colon');
  return new Map();
}
