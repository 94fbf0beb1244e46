import {
  type AnyResource,
  asKonvergeError,
  type Context,
  type Facts,
  type HostView,
  type KonvergeError,
  type Outcome,
  type Outcomes,
  type Reach,
  type Step,
  secret,
} from '../../../lib/index.ts';
import { assumedFacts, rehearseOn } from '../../../lib/run/rehearse.ts';

export const mn01: HostView = { name: 'mn01', address: '10.0.0.11', groups: ['controlPlane'], vars: {} };
export const wn01: HostView = { name: 'wn01', address: '10.0.0.21', groups: ['workers'], vars: {} };
export const inventory = [mn01, wn01];

export const factsOf = (family: Facts['os']['family'], but: Partial<Facts> = {}, host = mn01): Facts => ({
  ...assumedFacts(family, host),
  ...but,
});

/** Kind and id of everything that the role wishes on such a host, in order. */
export async function wishes(step: Step, facts: Facts): Promise<readonly string[]> {
  return (await resourcesOf(step, facts)).map(({ kind, id }) => `${kind} ${id}`);
}

export async function resourcesOf(step: Step, facts: Facts): Promise<readonly AnyResource[]> {
  return (await rehearseOn(facts, step.prepare(mn01, inventory), step.dir, mn01, inventory)).resources;
}

export interface Asked {
  readonly facts?: Facts;
  /** what the host's probe prints; by its script, where there are several */
  readonly answer: string | ((script: string) => string);
  /** outcome of each ensure: `out` of its resources, by kind */
  readonly outs?: Readonly<Record<string, unknown>>;
  /** facts of the other host; undefined = it cannot be reached */
  readonly other?: Facts;
}

export interface Ran {
  readonly resources: readonly AnyResource[];
  readonly notes: readonly string[];
  readonly error: KonvergeError | undefined;
}

/** Runs a role that asks its host; whatever it wishes counts as changed. */
export async function run(step: Step, { facts = factsOf('debian'), answer, outs = {}, other }: Asked): Promise<Ran> {
  const resources: AnyResource[] = [];
  const notes: string[] = [];
  function ensure<const Rs extends readonly AnyResource[]>(...all: Rs): Promise<Outcomes<Rs>>;
  async function ensure(...all: readonly AnyResource[]): Promise<readonly Outcome<unknown>[]> {
    resources.push(...all);
    return all.map(({ kind }) => ({ status: 'changed', out: outs[kind] }));
  }
  const read: Reach['read'] = (probe) => {
    const said = typeof answer === 'string' ? answer : answer(probe.script.text);
    return Promise.resolve(probe.parse(Buffer.from(said)));
  };
  const reach = { host: mn01, facts, ensure, read };
  const context: Context = {
    ...reach,
    check: false,
    inventory,
    lost: new Set(),
    on: () => (other === undefined ? Promise.reject(new Error('down')) : Promise.resolve({ ...reach, facts: other })),
    template: () => '',
    secretTemplate: () => secret(''),
    note: (text) => void notes.push(text),
  };
  const error = await step
    .prepare(mn01, inventory)
    .run(context)
    .then(() => undefined, asKonvergeError);
  return { resources, notes, error };
}
