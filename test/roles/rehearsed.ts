import type { input as Input, ZodType } from 'zod';
import type { HostView } from '../../lib/inventory/types.ts';
import type { AnyResource, Change } from '../../lib/resources/contract.ts';
import type { Facts } from '../../lib/resources/facts.ts';
import { assumedFacts, type Rehearsal, rehearseOn } from '../../lib/run/rehearse.ts';
import type { Role } from '../../lib/run/role.ts';
import { converge, nothingChanged } from '../resources/harness.ts';
import type { Sandbox } from '../resources/sandbox.ts';

const hostAt = (name: string, address: string, group: string): HostView => ({
  name,
  address,
  groups: [group],
  vars: {},
});

export const inventory: readonly HostView[] = [
  hostAt('k8s-mn01', '192.168.10.11', 'controlPlane'),
  hostAt('k8s-mn02', '192.168.10.22', 'controlPlane'),
  hostAt('k8s-mn03', '192.168.10.33', 'controlPlane'),
  hostAt('k8s-wn01', '192.168.10.100', 'workers'),
];

export function hostNamed(name: string): HostView {
  const found = inventory.find((host) => host.name === name);
  if (found === undefined) throw new Error(`no host ${name}`);
  return found;
}

export interface Rehearsed {
  readonly on?: string;
  readonly family?: Facts['os']['family'];
  readonly facts?: Partial<Facts>;
}

/** What the role would ensure. @throws BadInput, or what the role throws */
export async function rehearsed<S extends ZodType>(
  role: Role<S>,
  vars: Input<S>,
  { on = 'k8s-mn01', family = 'debian', facts = {} }: Rehearsed = {},
): Promise<Rehearsal> {
  const host = hostNamed(on);
  const step = role(vars);
  return rehearseOn(
    { ...assumedFacts(family, host), ...facts },
    step.prepare(host, inventory),
    step.dir,
    host,
    inventory,
  );
}

export const titles = ({ resources }: Rehearsal): readonly string[] => resources.map(({ kind, id }) => `${kind} ${id}`);

export function find({ resources }: Rehearsal, title: string): AnyResource {
  const found = resources.find(({ kind, id }) => `${kind} ${id}` === title);
  if (found === undefined) throw new Error(`no ${title}`);
  return found;
}

/** The text that a file of the plan would have. */
export function contentOf(plan: Rehearsal, path: string): string {
  const text = find(plan, `file ${path}`).diff({ type: 'absent' }, nothingChanged)[0]?.text?.after;
  if (text === undefined) throw new Error(`${path} shows no content`);
  return text;
}

/** Really writes the files of a plan, validation included. */
export async function writeFiles(plan: Rehearsal, { surroundings }: Sandbox): Promise<readonly Change[]> {
  const changes: Change[] = [];
  for (const each of plan.resources.filter(({ kind }) => kind === 'file')) {
    changes.push(...(await converge('dash', each, surroundings)));
  }
  return changes;
}
