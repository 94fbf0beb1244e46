import { badInput } from '../errors.ts';
import type { AnyResource } from '../resources/contract.ts';
import { nameOf } from './answers.ts';

/**
 * Watches what one role wishes of one host: two contents for one file would overwrite each other in every run, and every
 * run would say "changed". What it returns is to be told of each ensure. @throws BadInput
 */
export function twinGuard(): (resources: readonly AnyResource[]) => void {
  const wishes = new Map<string, string>();
  return (resources) => {
    for (const resource of resources) {
      const { evidence } = resource;
      if (evidence === undefined) continue;
      const name = nameOf(resource);
      const earlier = wishes.get(name) ?? evidence.digest;
      if (earlier !== evidence.digest) throw unlike(name);
      wishes.set(name, earlier);
    }
  };
}

const unlike = (name: string): Error =>
  badInput(`${name} is wished twice in this role, with different content`, {
    mend: 'wish it once: each run would write both, one after the other',
  });
