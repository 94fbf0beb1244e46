import { accessSync, constants, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { badInput } from '../errors.ts';
import type { HostView } from '../inventory/types.ts';
import type { RunEvent } from '../report/events.ts';
import { fingerprint, newSalt } from './fingerprint.ts';
import { selectionSchema, type TypedSelection } from './selection.ts';

const changeSchema = z.object({ path: z.string(), from: z.string().optional(), to: z.string().optional() });

/** One resource that is to change, and how. What was a secret is masked already. */
const plannedSchema = z.object({
  host: z.string(),
  /** the host it happens on, where the role reaches another one */
  on: z.string().optional(),
  role: z.string(),
  kind: z.string(),
  id: z.string(),
  changes: z.array(changeSchema).readonly(),
});
export type Planned = z.infer<typeof plannedSchema>;

const planSchema = z.object({
  konvergePlan: z.literal(1),
  playbook: z.string(),
  made: z.string(),
  selection: selectionSchema,
  salt: z.string(),
  /** host → fingerprint of its vars */
  vars: z.record(z.string(), z.string()),
  changes: z.array(plannedSchema),
});
export type Plan = z.infer<typeof planSchema>;

export interface PlanOrigin {
  readonly playbook: string;
  readonly selection: TypedSelection;
  readonly hosts: readonly HostView[];
}

/** Gathers what a `--check` says would change. */
export function plannedIn(events: readonly RunEvent[]): readonly Planned[] {
  return events.flatMap((event) => {
    if (event.type !== 'resource' || event.status !== 'would-change') return [];
    const { host, on, role, kind, id } = event;
    const changes = event.changes.map(({ path, from, to }) => ({
      path,
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    }));
    return [{ host, ...(on === undefined ? {} : { on }), role, kind, id, changes }];
  });
}

/** Nobody wants to learn after the check that its plan cannot be kept. @throws BadInput */
export function refuseUnwritable(path: string): void {
  try {
    const known = statSync(path, { throwIfNoEntry: false });
    if (known?.isDirectory() === true) throw new Error('it is a directory');
    accessSync(known === undefined ? dirname(path) : path, constants.W_OK);
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

function unwritable(path: string, cause: unknown): Error {
  const why = cause instanceof Error ? cause.message : String(cause);
  return badInput(`--out ${path} cannot be written: ${why}`, {
    cause,
    mend: 'name a file in a folder that you may write to: --check --out plan.json',
  });
}

/** Writes the plan, for its owner alone (0600). @throws BadInput when it cannot be written */
export function writePlan(path: string, origin: PlanOrigin, changes: readonly Planned[]): void {
  const salt = newSalt();
  const { playbook, selection, hosts } = origin;
  const vars = Object.fromEntries(hosts.map((host) => [host.name, fingerprint(salt, host.vars)]));
  const plan: Plan = {
    konvergePlan: 1,
    playbook,
    made: new Date().toISOString(),
    selection,
    salt,
    vars,
    changes: [...changes],
  };
  try {
    writeFileSync(path, `${JSON.stringify(plan, undefined, 2)}\n`, { mode: 0o600 });
  } catch (error) {
    throw unwritable(path, error);
  }
}

/** @throws BadInput when it is no plan, of another playbook, or the vars are others now */
export function readPlan(path: string, playbook: string): Plan {
  const plan = planSchema.safeParse(parse(path));
  if (!plan.success) {
    throw badInput(`--plan ${path} is no plan that this version can read`, { mend: `make one: --check --out ${path}` });
  }
  if (plan.data.playbook !== playbook) {
    throw badInput(`--plan ${path} was made for the playbook '${plan.data.playbook}', this is '${playbook}'`, {
      mend: `run playbooks/${plan.data.playbook}.ts, or make a plan with this one`,
    });
  }
  return plan.data;
}

function parse(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const why = error instanceof SyntaxError ? 'is no JSON' : 'cannot be read';
    throw badInput(`--plan ${path} ${why}`, { cause: error, mend: 'make one with --check --out FILE' });
  }
}

/** The plan speaks of these hosts with these vars. @throws BadInput naming the hosts */
export function refuseOtherVars({ salt, vars }: Plan, hosts: readonly HostView[]): void {
  const other = hosts.filter((host) => vars[host.name] !== fingerprint(salt, host.vars)).map((host) => host.name);
  const gone = Object.keys(vars).filter((name) => !hosts.some((host) => host.name === name));
  if (other.length + gone.length === 0) return;
  throw badInput(`the vars of ${[...other, ...gone].join(', ')} are not those that the plan was made with`, {
    mend: 'give the same -e as then, or make a new plan with --check --out FILE',
  });
}
