import { badInput } from '../errors.ts';
import { clusterOf, type Inventory, type LoadedInventory } from '../inventory/index.ts';
import { closest, didYouMean } from '../suggest.ts';
import { codeOf } from './code-of.ts';
import { findInventory } from './find-inventory.ts';
import { type Flags, parseFlags } from './flags.ts';
import { helpText } from './help.ts';
import { journalFolder, lastRun } from './journal.ts';
import { listing } from './listing.ts';
import { readPlan, refuseOtherVars, refuseUnwritable } from './plan-file.ts';
import type { Play, Playbook } from './play.ts';
import { preparePlays, selectedSteps } from './prepare.ts';
import { type Command, print, runAsProgram } from './program.ts';
import { restOf, unfinished } from './resume.ts';
import { runPlaybook } from './run-playbook.ts';
import { inventoryFor, limited } from './select.ts';
import { refuseSelection, startingAt, type TypedSelection } from './selection.ts';

/** Runs the playbook when its file is the program; does nothing when the file is only imported. Sets the exit code. */
export function main<G extends string, V>(meta: ImportMeta, book: Playbook<G, V>): Promise<void> {
  return runAsProgram(meta, commandOf(book));
}

/** What the playbook's program does with its arguments. */
export const commandOf =
  <G extends string, V>(book: Playbook<G, V>): Command =>
  async (args, file) => {
    const flags = parseFlags(args);
    if (flags.help) return print(helpText(book.name));
    const inventory = await inventoryFor<G, V>(flags, file, book.optional);
    if (flags.showVars !== undefined) return print(varsListing(flags.showVars, inventory));
    return act(book, flags, inventory, { program: file, inventoryFile: findInventory(flags.inventory, file) });
  };

async function act<G extends string, V>(
  book: Playbook<G, V>,
  flags: Flags,
  inventory: Inventory<G, V>,
  { program, inventoryFile }: { readonly program: string; readonly inventoryFile: string },
): Promise<number> {
  const { plan, past, selection } = selectionOf(book.name, flags, inventoryFile);
  const plays = book.build(clusterOf(inventory, book.optional));
  const hosts = limited(selection.limit, inventory);
  checkTags(selection, plays);
  const selected = plays.flatMap((play) => {
    const on = play.hosts.filter((host) => hosts?.has(host.name) ?? true);
    const steps = selectedSteps(play, selection);
    return on.length === 0 || steps.length === 0 ? [] : [{ ...play, hosts: on, steps }];
  });
  if (selected.length === 0) {
    throw badInput('nothing is selected: no role of this playbook has these tags on these hosts', {
      mend: 'see --list-tasks, without --tags and --limit',
    });
  }
  const chosen = startingAt(selected, selection.startAt);
  if (flags.list !== undefined) return print(listing(flags.list, book.name, chosen));
  const prepared = await preparePlays(chosen, { ...selection, hosts }, inventory.hosts);
  const dirs = chosen.flatMap((play) => play.steps.flatMap(({ dir }) => dir ?? []));
  // A check keeps no journal, and so need not know.
  const surroundings = { inventory: inventory.hosts, code: flags.check ? '' : codeOf(program, dirs) };
  const rest = past === undefined ? undefined : restOf(prepared, past, surroundings);
  const resumed = past === undefined || rest === undefined ? undefined : { ...rest, run: past };
  const work = { playbook: book.name, flags, selection, ...surroundings, inventoryFile, plan, resumed };
  if (plan !== undefined) {
    refuseOtherVars(
      plan,
      inventory.hosts.filter(({ name }) => chosen.some((play) => play.hosts.some((host) => host.name === name))),
    );
  }
  if (flags.out !== undefined) refuseUnwritable(flags.out);
  return runPlaybook({ ...work, plays: rest?.plays ?? prepared });
}

/** The selection that was typed, or the one that a plan or a journal brings. @throws BadInput */
function selectionOf(playbook: string, flags: Flags, inventoryFile: string) {
  const { tags, skipTags, limit, startAt } = flags;
  const typed: TypedSelection = {
    tags,
    skipTags,
    ...(limit === undefined ? {} : { limit }),
    ...(startAt === undefined ? {} : { startAt }),
  };
  if (flags.plan !== undefined) {
    refuseSelection('--plan', typed);
    const plan = readPlan(flags.plan, playbook);
    return { plan, past: undefined, selection: plan.selection };
  }
  if (!flags.resume) return { plan: undefined, past: undefined, selection: typed };
  refuseSelection('--resume', typed);
  const past = unfinished(lastRun(journalFolder(inventoryFile), playbook, inventoryFile), playbook);
  return { plan: undefined, past, selection: past.selection };
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

function checkTags<V>(selection: TypedSelection, plays: readonly Play<V>[]): void {
  const own = plays.flatMap((play) => [...(play.options.tags ?? []), ...play.steps.flatMap((step) => step.tags)]);
  const known = [...new Set([...own, 'all', 'always', 'never', 'tagged', 'untagged'])].toSorted();
  for (const tag of [...selection.tags, ...selection.skipTags]) {
    if (known.includes(tag)) continue;
    const near = closest(tag, known);
    throw badInput(`unknown tag '${tag}'`, {
      mend: `${near === undefined ? '' : `did you mean '${near}'? `}known tags: ${known.join(', ')}`,
    });
  }
}
