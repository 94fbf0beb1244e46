import type { AnyResource } from '../../lib/resources/contract.ts';
import { fakeSystemd } from '../resources/fake-systemctl.ts';
import { converge } from '../resources/harness.ts';
import { type Sandbox, sandbox } from '../resources/sandbox.ts';
import { namesOf } from './plan.ts';

/** A machine of this test's own where release files can be installed; systemd is a stand-in. */
export async function machine(): Promise<Sandbox> {
  const made = await sandbox({ layers: ['/usr/local', '/opt', '/var/cache'] });
  await fakeSystemd(made);
  return made;
}

/**
 * Really applies a plan, resource after resource. `kind id` of what had to be changed; [] = all was as wished. Which packages
 * this machine happens to have is not looked at.
 */
export async function applied(
  { surroundings }: Pick<Sandbox, 'surroundings'>,
  resources: readonly AnyResource[],
): Promise<readonly string[]> {
  const changed = new Set<AnyResource>();
  const seen = { changed: (resource: AnyResource) => changed.has(resource) };
  for (const resource of resources.filter(({ kind }) => kind !== 'conflicts')) {
    const changes = await converge('dash', resource, { ...surroundings, seen });
    if (changes.length > 0 && resource.gate !== true) changed.add(resource);
  }
  return namesOf([...changed]);
}
