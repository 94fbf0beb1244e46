import { didYouMean } from '../suggest.ts';
import type { LocatedProblem } from './located-problem.ts';
import type { Places } from './places.ts';
import type { Origin } from './tree.ts';
import type { InventoryDefinition } from './types.ts';

// RFC 1123 as Kubernetes reads it for node names: lower case, and a host's name becomes its node's name.
const hostName = /^(?=.{1,63}$)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const groupName = /^[A-Za-z][A-Za-z0-9_-]*$/;

/** What is wrong with hosts and groups by themselves; most of it cannot even compile, but a file need not be compiled. */
export function definitionProblems(
  { hosts, groups }: InventoryDefinition,
  { file, of }: Places,
): readonly LocatedProblem[] {
  const problems: LocatedProblem[] = [];
  const tell = (origin: Origin, message: string, mend?: string): void => {
    problems.push({ origin, path: [], message, ...(mend === undefined ? {} : { mend }) });
  };
  const names = Object.keys(hosts);
  if (names.length === 0) tell(file, 'there are no hosts');
  const owners = new Map<string, string>();
  for (const [name, { address, ssh }] of Object.entries(hosts)) {
    if (!hostName.test(name)) tell(of(name), `'${name}' is no host name`, 'use lower case letters, digits and -');
    const owner = owners.get(address);
    if (owner !== undefined) tell(of(name), `${name} has the address ${address}, and so has ${owner}`);
    owners.set(address, owner ?? name);
    if (!isPort(ssh?.port)) tell(of(name), `${name}: ssh.port ${ssh?.port} is not within 1–65535`);
  }
  for (const [group, members] of Object.entries(groups)) {
    for (const problem of groupProblems(group, members, names)) tell(of(group), problem.message, problem.mend);
  }
  return problems;
}

interface Told {
  readonly message: string;
  readonly mend?: string | undefined;
}

function groupProblems(group: string, members: readonly string[], hosts: readonly string[]): readonly Told[] {
  const told: Told[] = [];
  if (group === 'all') told.push({ message: "'all' is every host and cannot be defined" });
  else if (!groupName.test(group))
    told.push({ message: `'${group}' is no group name`, mend: 'use letters and digits' });
  if (hosts.includes(group)) told.push({ message: `'${group}' is a host and a group`, mend: 'rename one of them' });
  for (const [index, member] of members.entries()) {
    if (!hosts.includes(member)) {
      told.push({ message: `group ${group}: no host is named '${member}'`, mend: didYouMean(member, hosts) });
    } else if (members.indexOf(member) !== index) {
      told.push({ message: `group ${group} names ${member} twice` });
    }
  }
  return told;
}

function isPort(port: number | undefined): boolean {
  return port === undefined || (Number.isInteger(port) && port >= 1 && port <= 65_535);
}
