import { badInput } from '../errors.ts';
import { clusterOf, type Inventory, type LoadedInventory } from '../inventory/index.ts';
import { closest, didYouMean } from '../suggest.ts';
import { type Flags, parseFlags } from './flags.ts';
import { helpText } from './help.ts';
import { listing } from './listing.ts';
import type { Play, Playbook } from './play.ts';
import { preparePlays, selectedSteps } from './prepare.ts';
import { print, runAsProgram } from './program.ts';
import { runPlaybook } from './run-playbook.ts';
import { inventoryFor, limited } from './select.ts';

/** Runs the playbook when its file is the program; does nothing when the file is only imported. Sets the exit code. */
export function main<G extends string, V>(meta: ImportMeta, book: Playbook<G, V>): Promise<void> {
  return runAsProgram(meta, async (args, file) => {
    const flags = parseFlags(args);
    if (flags.help) return print(helpText(book.name));
    const inventory = await inventoryFor<G, V>(flags, file);
    if (flags.showVars !== undefined) return print(varsListing(flags.showVars, inventory));
    return act(book, flags, inventory);
  });
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
