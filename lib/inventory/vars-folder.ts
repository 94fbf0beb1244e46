import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment, Opener } from '../secrets/index.ts';
import { didYouMean } from '../suggest.ts';
import type { LocatedProblem } from './located-problem.ts';
import type { MapTree } from './tree.ts';
import { readVarsFile } from './vars-file.ts';

export interface VarsFolder {
  /** by group, `all` included; a group without a file is absent */
  readonly layers: ReadonlyMap<string, MapTree>;
  readonly problems: readonly LocatedProblem[];
}

export interface FolderOptions {
  readonly groups: readonly string[];
  readonly env: Environment;
  readonly open: Opener;
  /** how a path is printed */
  readonly display: (path: string) => string;
}

const yamlName = /^(.+)\.ya?ml(?:\.age)?$/;

/** `controlPlane` → `control-plane`: the file name of a group's vars, without `.yaml`. */
export function groupFileName(group: string): string {
  return group.replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();
}

/**
 * Reads `all.yaml` and one file a group (`.yml` and `.yaml.age` too), and decrypts what is encrypted. A YAML file that belongs to no group is a problem: it would be
 * a typo that silently changes nothing.
 */
export async function readVarsFolder(
  folder: string,
  { groups, env, open, display }: FolderOptions,
): Promise<VarsFolder> {
  const problems: LocatedProblem[] = [];
  const layers = new Map<string, MapTree>();
  const groupOf = new Map(['all', ...groups].map((group) => [groupFileName(group), group]));
  const first = new Map<string, string>();
  for (const name of await yamlFiles(folder, display, problems)) {
    const file = display(join(folder, name));
    const stem = name.replace(yamlName, '$1');
    const group = groupOf.get(stem);
    const twin = first.get(stem);
    if (group === undefined) problems.push(strayFile(file, stem, [...groupOf.keys()]));
    else if (twin !== undefined) problems.push(twoFiles(file, twin));
    else {
      first.set(stem, file);
      const read = await readVarsFile(await readFile(join(folder, name)), { file, env, open });
      problems.push(...read.problems);
      if (read.tree !== undefined) layers.set(group, read.tree);
    }
  }
  return { layers, problems };
}

async function yamlFiles(
  folder: string,
  display: (path: string) => string,
  problems: LocatedProblem[],
): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const files = entries.filter((entry) => !entry.isDirectory() && yamlName.test(entry.name));
    return files.map((entry) => entry.name).toSorted();
  } catch (error) {
    const message = `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    const mend = 'groupVars() takes a folder relative to the inventory file';
    problems.push({ origin: { file: display(folder) }, path: [], message, mend });
    return [];
  }
}

function strayFile(file: string, stem: string, known: readonly string[]): LocatedProblem {
  const names = known.map((name) => `${name}.yaml`).join(', ');
  const mend = [didYouMean(stem, known), `files of this inventory's groups: ${names}`].filter(Boolean).join(' ');
  return { origin: { file }, path: [], message: 'belongs to no group, so its vars would reach no host', mend };
}

function twoFiles(file: string, twin: string): LocatedProblem {
  return { origin: { file }, path: [], message: `stands for the same group as ${twin}`, mend: 'keep one of them' };
}
