import type { AnyResource } from '../../lib/index.ts';
import type { Facts } from '../../lib/resources/facts.ts';
import { assumedFacts, rehearseOn } from '../../lib/run/rehearse.ts';
import type { Step } from '../../lib/run/role.ts';

const host = { name: 'k8s-wn01', address: '192.168.10.100', groups: ['workers'], vars: undefined };

/** What a step wishes for on an ordinary host of this family. */
export async function planOf(
  step: Step,
  family: Facts['os']['family'] = 'rhel',
  facts: Partial<Facts> = {},
): Promise<readonly AnyResource[]> {
  const prepared = step.prepare(host, [host]);
  return (await rehearseOn({ ...assumedFacts(family, host), ...facts }, prepared, step.dir, host, [host])).resources;
}

export const namesOf = (resources: readonly AnyResource[]): readonly string[] =>
  resources.map(({ kind, id }) => `${kind} ${id}`);

const nothing = { changed: () => false };

/** The text that a file or unit of the plan would get where there is none. */
export function textOf(resources: readonly AnyResource[], id: string): string {
  const found = resources.find((each) => each.id === id);
  const state = found?.kind === 'unit' ? { file: { type: 'absent' }, load: '', outdated: false } : { type: 'absent' };
  return found?.diff(state, nothing)[0]?.text?.after ?? '';
}

const source = (name: string, sha256: string) => ({ urls: [`https://mirror.example/${name}`], sha256 });
export const sources = { amd64: source('amd64', 'a'.repeat(64)), arm64: source('arm64', 'b'.repeat(64)) };
