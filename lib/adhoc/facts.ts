import pLimit from 'p-limit';
import { parseArguments } from '../arguments.ts';
import { asKonvergeError, badInput, isUnreachable, type KonvergeError } from '../errors.ts';
import type { Host } from '../inventory/types.ts';
import { factsText } from '../report/facts.ts';
import { failureText, painter } from '../report/index.ts';
import type { Facts } from '../resources/facts.ts';
import { type Access, askForAccess } from '../run/access.ts';
import { fleetOf } from '../run/fleet.ts';
import { hostFlags, parseForks, refuseTypedPassword } from '../run/host-flags.ts';
import { type Command, print, runAsProgram } from '../run/program.ts';
import { inventoryFor } from '../run/select.ts';
import { redact } from '../secret.ts';
import { selectedHosts } from './selected-hosts.ts';

/** One screen: what an operator needs to type. */
export const factsHelp = `Usage: npx tsx playbooks/facts.ts [options]

What konverge knows of each host before a role begins; one round trip a host,
which takes no lock and changes nothing.

Selection
  -l, --limit PATTERN    only these hosts: 'workers:!wn02', 'cp*', 'workers[0]'
  -i, --inventory FILE   default: the nearest hosts.ts above the playbook
  -e, --var KEY=VALUE    a var, where the inventory would not be right without

How
  -f, --forks N          hosts asked at once (default 50)
  -k, --ask-pass         ask for the SSH password of hosts that have none
  -K, --ask-become-pass  ask for the sudo password; Enter: the same as -k
      --json             an object a line, its only key the host's name
  -v, --verbose          stacks of failures
  -h, --help

Exit codes
  0 all ok   1 unexpected   2 a host could not answer
  3 bad input, nothing was contacted   4 a host was unreachable
`;

/** @throws BadInput naming what is wrong, with what to type instead */
export function parseFactsFlags(args: readonly string[]) {
  const { values, positionals } = parseArguments(args, hostFlags);
  refuseTypedPassword(positionals, values);
  if (positionals.length > 0) {
    const mend = `type --limit '${positionals.join(',')}' to select hosts`;
    throw badInput(`unexpected argument '${positionals.join(' ')}'`, { mend });
  }
  const { limit, inventory, var: vars = [], json = false, verbose = false, help = false } = values;
  const asked = { pass: values['ask-pass'] ?? false, becomePass: values['ask-become-pass'] ?? false };
  return { limit, inventory, vars, json, verbose, asked, help, forks: parseForks(values.forks) };
}

/**
 * Prints the facts of the hosts that the command line selects, in inventory order. `optional`: groups that an
 * inventory need not have. Sets the exit code.
 */
export const showFacts = (
  meta: ImportMeta,
  { optional = [] }: { readonly optional?: readonly string[] } = {},
): Promise<void> => runAsProgram(meta, factsCommand(optional));

/** What the program does with its arguments. */
export const factsCommand =
  (optional: readonly string[] = []): Command =>
  async (args, file) => {
    const flags = parseFactsFlags(args);
    if (flags.help) return print(factsHelp);
    const hosts = selectedHosts(flags.limit, await inventoryFor(flags, file, optional));
    return facts(await askForAccess(hosts, new Set(hosts.map(({ name }) => name)), flags.asked), flags);
  };

type Answer = { readonly facts: Facts } | { readonly error: KonvergeError };

async function facts({ hosts, options }: Access<Host>, flags: ReturnType<typeof parseFactsFlags>): Promise<number> {
  // As for a check: nothing is written, so nobody need be kept out.
  const fleet = fleetOf(hosts, { check: true, connection: options, connected: () => undefined });
  const atOnce = pLimit(flags.forks);
  const ask = ({ name }: Host): Promise<Answer> =>
    atOnce(() => fleet.open(name)).catch((thrown: unknown) => ({ error: asKonvergeError(thrown) }));
  let exitCode = 0;
  try {
    for (const [i, answer] of hosts.map((host) => [host.name, ask(host)] as const).entries()) {
      const [name, pending] = answer;
      const known = await pending;
      if ('facts' in known) show(name, known.facts, flags.json, i === 0);
      else {
        const { error } = known;
        process.stderr.write(`${failureText(error, { verbose: flags.verbose, paint: painter(process.stderr) })}\n`);
        exitCode = Math.max(exitCode, isUnreachable(error, name) ? 4 : 2);
      }
    }
  } finally {
    await fleet.close();
  }
  return exitCode;
}

function show(host: string, known: Facts, json: boolean, isFirst: boolean): void {
  const text = factsText(host, known, painter(process.stdout));
  process.stdout.write(redact(json ? `${JSON.stringify({ [host]: known })}\n` : `${isFirst ? '' : '\n'}${text}`));
}
