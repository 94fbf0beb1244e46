import { unreachable } from '../../../lib/errors.ts';
import {
  type AnyResource,
  type Change,
  type Context,
  type HostView,
  isSecret,
  type Probe,
  type Reach,
  reveal,
  type Writer,
} from '../../../lib/index.ts';
import type { Outcome, Outcomes } from '../../../lib/resources/contract.ts';
import { assumedFacts } from '../../../lib/run/rehearse.ts';

/** One thing that a role asked for, as it would be seen by an operator or on the wire. */
export interface Deed {
  readonly host: string;
  readonly name: string;
  readonly changes: readonly Change[];
  /** scripts of its apply, with what they were given on stdin */
  readonly ran: readonly { readonly text: string; readonly stdin: string }[];
}

export interface Play {
  readonly inventory: readonly HostView[];
  /** what a host's probe prints; undefined = the host cannot be reached */
  answer(host: string, script: string): string | undefined;
  /** what an applied script prints; throw to make it fail */
  reply?(host: string, script: string): string;
  readonly check?: boolean;
  readonly lost?: readonly string[];
}

export interface Stage {
  readonly context: Context;
  readonly deeds: readonly Deed[];
  readonly notes: readonly string[];
  /** `mn01: output bootstrap token for mn02` */
  said(): readonly string[];
}

export const host = (name: string, address: string, ...groups: string[]): HostView => ({
  name,
  address,
  groups,
  vars: {},
});

/**
 * A context whose hosts are told what to answer. Every resource is probed with the host's answer; what differs is "applied":
 * its scripts are kept, not run. Gates are asked and count as open.
 */
export function stage(on: string, play: Play): Stage {
  const deeds: Deed[] = [];
  const notes: string[] = [];
  const changed = new Set<AnyResource>();
  const check = play.check === true;
  const find = (name: string): HostView => {
    const found = play.inventory.find((each) => each.name === name);
    if (found === undefined) throw new Error(`no host ${name}`);
    return found;
  };
  const ask = <State>(name: string, probe: Probe<State>): State => {
    const said = play.answer(name, probe.script.text);
    if (said === undefined) throw unreachable(`${name} is silent`);
    return probe.parse(Buffer.from(said));
  };
  const reachOf = (name: string): Reach => {
    function ensure<const Rs extends readonly AnyResource[]>(...resources: Rs): Promise<Outcomes<Rs>>;
    async function ensure(...resources: readonly AnyResource[]): Promise<readonly Outcome<unknown>[]> {
      const outcomes: Outcome<unknown>[] = [];
      for (const resource of resources) outcomes.push(await settle(name, resource));
      return outcomes;
    }
    const self = find(name);
    return { host: self, facts: assumedFacts('debian', self), ensure, read: async (probe) => ask(name, probe) };
  };
  const settle = async (name: string, resource: AnyResource): Promise<Outcome<unknown>> => {
    const full = `${resource.kind} ${resource.id}`;
    if (resource.gate === true) {
      if (!check)
        deeds.push({ host: name, name: full, changes: [], ran: [{ text: resource.probe.script.text, stdin: '' }] });
      return { status: 'ok', out: undefined };
    }
    const state = ask(name, resource.probe);
    const changes = resource.diff(state, { changed: (each) => changed.has(each) });
    if (changes.length === 0) return { status: 'ok', out: undefined };
    changed.add(resource);
    const ran: { text: string; stdin: string }[] = [];
    deeds.push({ host: name, name: full, changes, ran });
    if (check) return { status: 'would-change', out: undefined };
    const writer: Writer = {
      host: name,
      async run(script, { stdin = '' } = {}) {
        const given = isSecret<string>(stdin) ? reveal(stdin) : stdin;
        ran.push({ text: script.text, stdin: given.toString() });
        const stdout = Buffer.from(play.reply?.(name, script.text) ?? '');
        return { code: 0, stdout, stderr: Buffer.alloc(0), ms: 1 };
      },
      upload: () => Promise.reject(new Error('nothing is uploaded here')),
    };
    return { status: 'changed', out: await resource.apply(writer, changes, state) };
  };
  const context: Context = {
    ...reachOf(on),
    check,
    inventory: play.inventory,
    lost: new Set(play.lost ?? []),
    on: async (name) => {
      if (play.answer(name, '') === undefined) throw unreachable(`${name} is silent`);
      return reachOf(name);
    },
    template: () => '',
    secretTemplate: () => {
      throw new Error('no templates here');
    },
    note: (text) => notes.push(text),
  };
  return { context, deeds, notes, said: () => deeds.map((deed) => `${deed.host}: ${deed.name}`) };
}
