import { asKonvergeError, type KonvergeError, type Place } from '../errors.ts';
import type { HostView } from '../inventory/types.ts';
import type { AnyResource, Outcome, Outcomes } from '../resources/contract.ts';
import { ask } from './answers.ts';
import type { Bench } from './bench.ts';
import { type Caller, callerOf } from './caller.ts';
import { ensureAll } from './ensure.ts';
import type { Fleet, Opened } from './fleet.ts';
import type { Change as PlannedChange } from './plan-drift.ts';
import type { Context, Reach } from './role.ts';
import type { Say } from './say.ts';
import { renderSecretTemplate, renderTemplate } from './template.ts';
import { twinGuard } from './twins.ts';
import { type UnderWay, underWayIn } from './unawaited.ts';

/** What all roles of a run share. */
export interface RunState {
  readonly check: boolean;
  readonly fleet: Fleet;
  readonly inventory: readonly HostView[];
  readonly lost: ReadonlySet<string>;
  readonly say: Say;
  /** resources changed so far, or that would be */
  readonly changed: Set<AnyResource>;
  /** with `--plan`: @throws Refused for a change that is not in it */
  readonly allow?: (change: PlannedChange) => void;
  /** @throws Interrupted once the operator has asked to stop */
  pause(): void;
}

/** A Context for one role on one host, and what the role has set going with it. */
export interface RoleContext {
  readonly context: Context;
  readonly underWay: UnderWay;
}

export function contextFor(run: RunState, opened: Opened, role: string, dir: string | undefined): RoleContext {
  const underWay = underWayIn();
  const reach = (to: Opened): Reach => reachOf(run, opened.host, to, role, underWay);
  const context: Context = {
    ...reach(opened),
    check: run.check,
    inventory: run.inventory,
    lost: run.lost,
    on: (name) => underWay.track({ kind: 'on', host: name }, async () => reach(await run.fleet.open(name))),
    template: (name, data) => renderTemplate(dir ?? '.', name, data),
    secretTemplate: (name, data) => renderSecretTemplate(dir ?? '.', name, data),
    note: (text) => run.say({ type: 'note', host: opened.host.name, role, text }),
  };
  return { context, underWay };
}

function reachOf(run: RunState, home: HostView, to: Opened, role: string, underWay: UnderWay): Reach {
  const host = to.host.name;
  const bench = benchFor(run, home, to, role);
  const place = (error: unknown, by?: Caller): KonvergeError => {
    const at = by?.();
    const where: Place = { host, role, ...(at === undefined ? {} : { at }) };
    return asKonvergeError(error).at(where);
  };
  const refuseTwins = twinGuard();
  function ensure<const Rs extends readonly AnyResource[]>(...resources: Rs): Promise<Outcomes<Rs>>;
  function ensure(...resources: readonly AnyResource[]): Promise<readonly Outcome<unknown>[]> {
    const by = callerOf(ensure);
    return underWay.track({ kind: 'ensure', host, by }, async () => {
      try {
        refuseTwins(resources);
        return await ensureAll(bench, resources);
      } catch (error) {
        throw place(error, by);
      }
    });
  }
  return {
    host: to.host,
    facts: to.facts,
    ensure,
    read: (probe) =>
      underWay.track({ kind: 'read', host }, () =>
        ask(to.session, probe).catch((error: unknown) => Promise.reject(place(error))),
      ),
  };
}

function benchFor(run: RunState, home: HostView, to: Opened, role: string): Bench {
  const host = home.name;
  const on = to.host.name === host ? {} : { on: to.host.name };
  return {
    session: to.session,
    check: run.check,
    changed: run.changed,
    pause: () => run.pause(),
    allow: ({ kind, id }) => run.allow?.({ host, role, ...on, kind, id }),
    report: (resource, status, changes, ms) => {
      const { kind, id } = resource;
      run.say({ type: 'resource', host, role, ...on, kind, id, status, changes, ms });
    },
    live: (what, line) => run.say({ type: 'output', host, role, what, line }),
  };
}
