import { readFileSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { asKonvergeError, badInput } from '../errors.ts';
import {
  clusterOf,
  type Inventory,
  type InventoryDefinition,
  type LoadedInventory,
  loadInventory,
  parseOverrides,
} from '../inventory/index.ts';
import { selectHosts } from '../plan/patterns.ts';
import { failureText, painter } from '../report/index.ts';
import { closest, didYouMean } from '../suggest.ts';
import { findInventory, importInventory } from './find-inventory.ts';
import { type Flags, parseFlags } from './flags.ts';
import { helpText } from './help.ts';
import { listing } from './listing.ts';
import type { Play, Playbook } from './play.ts';
import { preparePlays, selectedSteps } from './prepare.ts';
import { runPlaybook } from './run-playbook.ts';

/** Runs the playbook when its file is the program; does nothing when the file is only imported. Sets the exit code. */
export async function main<G extends string, V>(meta: ImportMeta, book: Playbook<G, V>): Promise<void> {
  const program = process.argv[1];
  if (program === undefined || realpathSync(program) !== realpathSync(fileURLToPath(meta.url))) return;
  process.exitCode = await command(book, process.argv.slice(2), fileURLToPath(meta.url));
}

/** The whole command, apart from the process. What it returns is the exit code. */
async function command<G extends string, V>(
  book: Playbook<G, V>,
  args: readonly string[],
  file: string,
): Promise<number> {
  let verbose = args.includes('--verbose') || args.includes('-v');
  try {
    const flags = parseFlags(args);
    verbose = flags.verbose;
    if (flags.help) return print(helpText(book.name));
    const inventoryFile = findInventory(flags.inventory, file);
    const definition: InventoryDefinition<G, V> = await importInventory<G, V>(inventoryFile);
    const overrides = await parseOverrides(flags.vars);
    const inventory = await loadInventory(definition, { file: inventoryFile, overrides });
    if (inventory.notes.length > 0) process.stderr.write(`${inventory.notes.join('\n')}\n`);
    if (flags.showVars !== undefined) return print(varsListing(flags.showVars, inventory));
    return await act(book, flags, inventory);
  } catch (error) {
    const known = asKonvergeError(error);
    process.stderr.write(`${failureText(known, { verbose, paint: painter(process.stderr) })}\n`);
    return known.code === 'Interrupted' ? 130 : known.code === 'BadInput' ? 3 : 1;
  }
}

async function act<G extends string, V>(
  book: Playbook<G, V>,
  flags: Flags,
  inventory: Inventory<G, V>,
): Promise<number> {
  const plays = book.build(clusterOf(inventory));
  const hosts = limited(flags.limit, inventory);
  checkTags(flags, plays);
  const chosen = plays.flatMap((play) => {
    const on = play.hosts.filter((host) => hosts?.has(host.name) ?? true);
    const steps = selectedSteps(play, flags);
    return on.length === 0 || steps.length === 0 ? [] : [{ ...play, hosts: on, steps }];
  });
  if (chosen.length === 0) {
    throw badInput('nothing is selected: no role of this playbook has these tags on these hosts', {
      mend: 'see --list-tasks, without --tags and --limit',
    });
  }
  if (flags.list !== undefined) return print(listing(flags.list, book.name, chosen));
  const prepared = await preparePlays(chosen, { ...flags, hosts }, inventory.hosts);
  return runPlaybook(book.name, flags, inventory, prepared);
}

function limited<G extends string, V>(
  limit: string | undefined,
  inventory: Inventory<G, V>,
): ReadonlySet<string> | undefined {
  if (limit === undefined) return undefined;
  const names = inventory.hosts.map((host) => host.name);
  const selection = selectHosts(limit, {
    hosts: names,
    groups: inventory.groups,
    readFile: (path) => readFileSync(path, 'utf8'),
  });
  if (selection.hosts !== undefined) return new Set(selection.hosts);
  const [first] = selection.problems;
  throw badInput(`--limit: ${selection.problems.map((problem) => problem.message).join('; ')}`, {
    mend: first?.mend ?? 'see --list-hosts',
  });
}

function varsListing(host: string, inventory: LoadedInventory): string {
  const shown = inventory.showVars(host);
  if (shown !== undefined) {
    const width = Math.max(...shown.map((each) => each.path.length + each.value.length));
    return shown.map(({ path, value, origin }) => `${`${path}: ${value}`.padEnd(width + 4)}# ${origin}`).join('\n');
  }
  const names = inventory.hosts.map((each) => each.name);
  throw badInput(`--show-vars: there is no host '${host}'`, {
    mend: didYouMean(host, names) ?? `hosts: ${names.join(', ')}`,
  });
}

function checkTags<V>(flags: Flags, plays: readonly Play<V>[]): void {
  const own = plays.flatMap((play) => [...(play.options.tags ?? []), ...play.steps.flatMap((step) => step.tags)]);
  const known = [...new Set([...own, 'all', 'always', 'never', 'tagged', 'untagged'])].toSorted();
  for (const tag of [...flags.tags, ...flags.skipTags]) {
    if (known.includes(tag)) continue;
    const near = closest(tag, known);
    throw badInput(`unknown tag '${tag}'`, {
      mend: `${near === undefined ? '' : `did you mean '${near}'? `}known tags: ${known.join(', ')}`,
    });
  }
}

function print(text: string): number {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  return 0;
}
