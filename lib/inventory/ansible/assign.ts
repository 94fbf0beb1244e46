import type { Origin } from '../tree.ts';
import type { Membership } from './membership.ts';
import { type Outline, tell } from './outline.ts';

export interface Assigned {
  /** the hosts of the playbook's groups, in the order of these */
  readonly hosts: readonly string[];
  /** the playbook's groups, and those of Ansible's that still have a member, for `--limit` */
  readonly groups: Readonly<Record<string, readonly string[]>>;
}

const fitsOurs = /^[A-Za-z][A-Za-z0-9_-]*$/;

/**
 * Puts the hosts of an Ansible inventory into the playbook's groups. A host in none of them is left out: a playbook's
 * `all` must not reach a bastion or a file server. With names that were `recognised` Kubespray's habits are known too.
 */
export function assign(
  outline: Outline,
  membership: Membership,
  names: ReadonlyMap<string, readonly string[]>,
  recognised: boolean,
): Assigned {
  const groups: Record<string, readonly string[]> = {};
  for (const [name, theirs] of names) {
    groups[name] = [...new Set(theirs.flatMap((each) => membership.hostsOf(each) ?? []))];
  }
  if (recognised) kubesprayHabits(groups, outline);
  const hosts = [...new Set(Object.values(groups).flat())];
  const left = [...outline.hosts.keys()].filter((host) => !hosts.includes(host));
  if (left.length > 0) {
    const message = `in none of ${[...names.keys()].join(', ')}, left out: ${left.join(', ')}`;
    tell(outline.notes, originOf(outline, left), message);
  }
  for (const name of outline.groups.keys()) {
    const members = (membership.hostsOf(name) ?? []).filter((host) => hosts.includes(host));
    const isFree = !names.has(name) && name !== 'all' && name !== 'ungrouped' && !hosts.includes(name);
    if (isFree && fitsOurs.test(name) && members.length > 0) groups[name] = members;
  }
  return { hosts, groups };
}

/** A control plane may be a `kube_node` as well there. */
function kubesprayHabits(groups: Record<string, readonly string[]>, outline: Outline): void {
  const { controlPlane, workers } = groups;
  if (controlPlane === undefined) return;
  const both = workers?.filter((host) => controlPlane.includes(host)) ?? [];
  if (workers !== undefined && both.length > 0) {
    groups['workers'] = workers.filter((host) => !both.includes(host));
    const how = 'taken as control planes, which run pods only with kubeadm.taintControlPlanes: false';
    tell(outline.notes, originOf(outline, both), `control planes and workers at once, ${how}: ${both.join(', ')}`);
  }
}

const originOf = ({ hosts }: Outline, names: readonly string[]): Origin =>
  hosts.get(names[0] ?? '')?.origin ?? { file: '' };
