import { join } from 'node:path';
import type { Environment } from '../../secrets/index.ts';
import type { LocatedProblem } from '../located-problem.ts';
import type { Membership } from './membership.ts';
import type { Outline, Vars } from './outline.ts';
import { varsFilesIn } from './vars-files.ts';

export interface Layers {
  /** what all layers make of a host's vars; `without` is a folder that somebody else reads */
  of(host: string, without?: string): Vars;
  /** files that cannot be read, known once `of` has been asked */
  readonly problems: readonly LocatedProblem[];
}

export interface LayersOptions {
  /** of the inventory file */
  readonly folder: string;
  readonly env: Environment;
  readonly display: (path: string) => string;
}

/**
 * Ansible's precedence ("Understanding variable precedence", 4 to 10, what a playbook adds left out): vars of groups in the
 * inventory, group_vars/all, group_vars of groups, vars of the host in the inventory, host_vars. Later ones replace.
 */
export function layersOf(outline: Outline, membership: Membership, { folder, env, display }: LayersOptions): Layers {
  const problems: LocatedProblem[] = [];
  const groupFolder = join(folder, 'group_vars');
  const groupFiles = once(varsFilesIn(groupFolder, { env, display, problems }).of);
  const hostFiles = once(varsFilesIn(join(folder, 'host_vars'), { env, display, problems }).of);
  return {
    problems,
    of(host, without) {
      const groups = membership.groupsOf(host);
      const layers = [
        ...groups.map((group) => outline.groups.get(group)?.vars),
        ...(without === groupFolder ? [] : groups.map((group) => groupFiles(group))),
        outline.hosts.get(host)?.vars,
        hostFiles(host),
      ];
      return new Map(layers.flatMap((layer) => [...(layer ?? [])]));
    },
  };
}

/** A file is read once, however many hosts it is about. */
function once(read: (name: string) => Vars): (name: string) => Vars {
  const known = new Map<string, Vars>();
  return (name) => {
    const vars = known.get(name) ?? read(name);
    known.set(name, vars);
    return vars;
  };
}
