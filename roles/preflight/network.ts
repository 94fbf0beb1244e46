import { contains, type Facts, type HostView, overlap, parseAddress, parseCidr } from '../../lib/index.ts';
import type { Complaint } from './complaint.ts';
import type { PreflightVars } from './machine.ts';
import type { Witness } from './witness.ts';

/** Whether the addresses of the cluster and of the network that the host is in go together. */
export function networkComplaints(
  host: HostView,
  facts: Facts,
  seen: Witness,
  vars: PreflightVars,
): readonly Complaint[] {
  return [
    ...addressComplaints(host, facts),
    ...overlapComplaints('podSubnet', vars.podSubnet, seen),
    ...overlapComplaints('serviceSubnet', vars.serviceSubnet, seen),
  ];
}

export const addressesOf = (facts: Facts): readonly string[] =>
  facts.interfaces.flatMap(({ addresses }) => addresses.map((each) => each.replace(/\/\d+$/, '')));

function addressComplaints(host: HostView, facts: Facts): readonly Complaint[] {
  const has = addressesOf(facts);
  if (has.includes(host.address)) return [];
  const others = has.filter((each) => !each.startsWith('127.') && !each.includes(':'));
  return [
    {
      what: `it has no address ${host.address}, but ${others.join(', ') || 'none at all'}`,
      mend: 'correct its address in the inventory; how it is reached over SSH, where that differs, is ssh.host',
    },
  ];
}

function overlapComplaints(name: string, subnet: string, { routes, dns }: Witness): readonly Complaint[] {
  const wished = parseCidr(subnet);
  if (wished === undefined) return [];
  const mend = `choose another ${name}: what the host reaches there now would be lost`;
  const ofRoutes = routes.flatMap(({ to, via }) => {
    const route = parseCidr(to);
    // Half of the Internet through a VPN is not a network that somebody numbered.
    if (route === undefined || route.prefix < 4 || !overlap(wished, route)) return [];
    return [{ what: `${name} ${subnet} overlaps with the route to ${to} (${via})`, mend }];
  });
  const ofDns = dns.flatMap((server) => {
    const address = parseAddress(server);
    if (address === undefined || !contains(wished, address)) return [];
    return [{ what: `${name} ${subnet} holds the name server ${server}`, mend }];
  });
  return [...ofRoutes, ...ofDns];
}
