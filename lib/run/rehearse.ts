import { asKonvergeError, badInput } from '../errors.ts';
import type { HostView } from '../inventory/types.ts';
import type { AnyResource, Outcome, Outcomes } from '../resources/contract.ts';
import type { Facts } from '../resources/facts.ts';
import { ownTurn } from '../turns.ts';
import { callerOf } from './caller.ts';
import type { Context, PreparedStep, Reach, Step } from './role.ts';
import { renderSecretTemplate, renderTemplate } from './template.ts';
import { twinGuard } from './twins.ts';
import { underWayIn } from './unawaited.ts';

/** What a role would do first, on a host with these facts, as far as that can be told without the host. */
export interface Rehearsal {
  readonly resources: readonly AnyResource[];
  readonly notes: readonly string[];
}

/**
 * Runs the role with nothing behind `ensure`, once for each OS family, up to the first thing that only a real host can
 * answer. Finds templates that do not render and resources that cannot be made. @throws BadInput, or what the role threw
 */
export async function rehearse(
  prepared: PreparedStep,
  step: Pick<Step, 'dir'>,
  host: HostView,
  inventory: readonly HostView[],
): Promise<void> {
  for (const facts of [assumedFacts('debian', host), assumedFacts('rhel', host)]) {
    try {
      await rehearseOn(facts, prepared, step.dir, host, inventory);
    } catch (error) {
      // A refusal depends on the facts, and these are only assumed.
      if (asKonvergeError(error).code !== 'Refused') throw error;
    }
  }
}

/** The resources that a role would ensure on a host of these facts. */
export async function rehearseOn(
  facts: Facts,
  prepared: PreparedStep,
  dir: string | undefined,
  host: HostView,
  inventory: readonly HostView[],
): Promise<Rehearsal> {
  const resources: AnyResource[] = [];
  const notes: string[] = [];
  const over = new Error('the rehearsal ends here');
  const { ensure, ended } = ensureInto(resources, host);
  const reach: Reach = { host, facts, ensure, read: () => Promise.reject(over) };
  const context: Context = {
    ...reach,
    check: true,
    inventory,
    lost: new Set(),
    on: () => Promise.reject(over),
    template: (name, data) => renderTemplate(dir ?? '.', name, data),
    secretTemplate: (name, data) => renderSecretTemplate(dir ?? '.', name, data),
    note: (text) => notes.push(text),
  };
  try {
    await inTime(prepared.run(context));
    await ended();
  } catch (error) {
    if (error !== over) throw error;
  }
  return { resources, notes };
}

/** An `ensure` that only notes what is wished. `ended` @throws Unexpected when one of its calls was not awaited */
function ensureInto(
  resources: AnyResource[],
  host: HostView,
): { readonly ensure: Reach['ensure']; readonly ended: () => Promise<void> } {
  const underWay = underWayIn();
  const refuseTwins = twinGuard();
  function ensure<const Rs extends readonly AnyResource[]>(...wished: Rs): Promise<Outcomes<Rs>>;
  function ensure(...wished: readonly AnyResource[]): Promise<readonly Outcome<unknown>[]> {
    const by = callerOf(ensure);
    return underWay.track({ kind: 'ensure', host: host.name, by }, async () => {
      refuseTwins(wished);
      resources.push(...wished);
      // As a real one it takes its time, so that a missing await shows.
      await ownTurn();
      return wished.map(() => ({ status: 'would-change', out: undefined }));
    });
  }
  return { ensure, ended: () => underWay.ended() };
}

/** No host is asked anything here, so a role that takes long waits for something that has no place in a role. */
async function inTime(rehearsed: Promise<void>, seconds = 10): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const mend = 'a role waits for nothing but ensure, read and on: see what it awaits, and its loops';
    const error = badInput(`the role had not ended after ${seconds} s, and nothing on a host was waited for`, { mend });
    timer = setTimeout(() => reject(error), seconds * 1000);
  });
  await Promise.race([rehearsed, late]).finally(() => clearTimeout(timer));
}

/** Facts of an ordinary machine of this family. */
export function assumedFacts(family: Facts['os']['family'], host: Pick<HostView, 'name' | 'address'>): Facts {
  return {
    os:
      family === 'rhel'
        ? { family, id: 'rocky', version: '9.3', major: 9, codename: undefined }
        : { family, id: 'debian', version: '12', major: 12, codename: 'bookworm' },
    arch: 'amd64',
    kernel: family === 'rhel' ? '5.14.0' : '6.1.0',
    hostname: host.name,
    machineId: '0'.repeat(32),
    productUuid: undefined,
    cpus: 4,
    memory: 8192,
    interfaces: [{ name: 'eth0', mac: '02:00:00:00:00:01', addresses: [`${host.address}/24`] }],
    routes: [],
    defaultInterface: 'eth0',
    container: undefined,
    systemd: 252,
    selinux: family === 'rhel' ? 'enforcing' : 'absent',
    clockSkew: 0,
  };
}
