import { dirname, resolve } from 'node:path';
import { type Environment, openerFor } from '../secrets/index.ts';
import { definitionProblems } from './check-definition.ts';
import { crossCheck } from './cross-check.ts';
import { type Layers, type LoadedHost, loadHost } from './load-host.ts';
import { inventoryError, type LocatedProblem, problemTexts } from './located-problem.ts';
import { displayIn, placesIn } from './places.ts';
import { type ShownVar, shownVars } from './show-vars.ts';
import type { MapTree } from './tree.ts';
import type { Inventory, InventoryDefinition } from './types.ts';
import { readVarsFolder } from './vars-folder.ts';

export interface LoadOptions {
  /** absolute path of the inventory file */
  readonly file: string;
  /** vars of the command line, see `parseOverrides`; they win over everything */
  readonly overrides?: MapTree;
  /** for `!env NAME` and the age identity; default: process.env */
  readonly env?: Environment;
  /** paths below it are printed relative to it; default: process.cwd() */
  readonly cwd?: string;
}

export interface LoadedInventory<G extends string = string, V = unknown> extends Inventory<G, V> {
  /** what the checks say without refusing, one line each */
  readonly notes: readonly string[];
  /** every var of a host, secrets masked, with the place it comes from; undefined = no such host */
  showVars(host: string): readonly ShownVar[] | undefined;
}

/**
 * Reads the vars, decrypts what of them is encrypted, and checks them for every host: `all.yaml`, then the host's groups in the order of the definition,
 * then the host's own vars, then the command line. Nothing is contacted.
 * @throws BadInput with every problem of every host, each with its file and line
 */
export async function loadInventory<G extends string, V>(
  definition: InventoryDefinition<G, V>,
  options: LoadOptions,
): Promise<LoadedInventory<G, V>> {
  const display = displayIn(options.cwd ?? process.cwd());
  const places = definition.source?.places ?? placesIn(options.file, display);
  const groups = new Map<G, readonly string[]>();
  for (const group in definition.groups) groups.set(group, definition.groups[group]);
  const env = options.env ?? process.env;
  const path = resolve(dirname(options.file), definition.vars.folder);
  const folder = await readVarsFolder(path, {
    groups: [...groups.keys()],
    env,
    open: openerFor(env),
    display,
  });
  const layers = { groups, folder: path, layers: folder.layers, places, overrides: options.overrides };
  const found = loadHosts(definition, layers);
  const all = found.loaded.length + found.failed;
  // The cross-checks speak of the cluster as a whole; with a host missing they would tell untruths.
  const cross = found.failed === 0 ? crossCheck(definition, found.loaded, places) : { problems: [], notes: [] };
  const problems = [definitionProblems(definition, places), folder.problems, found.problems, cross.problems].flat();
  if (problems.length > 0) throw inventoryError(problems, all);
  const byName = new Map(found.loaded.map((each) => [each.host.name, each]));
  return {
    hosts: found.loaded.map(({ host }) => host),
    groups,
    notes: problemTexts([...(definition.source?.notes ?? []), ...cross.notes], all),
    showVars: (name) => {
      const shown = byName.get(name);
      return shown === undefined ? undefined : shownVars(shown.host.vars, shown.tree);
    },
  };
}

function loadHosts<G extends string, V>(definition: InventoryDefinition<G, V>, layers: Layers<G>) {
  const loaded: LoadedHost<V>[] = [];
  const problems: LocatedProblem[] = [];
  let failed = 0;
  for (const name of Object.keys(definition.hosts)) {
    const found = loadHost(definition, name, layers);
    if ('host' in found) loaded.push(found);
    else {
      failed += 1;
      problems.push(...found.problems);
    }
  }
  return { loaded, failed, problems };
}
