import type { input as Input, output as Output, ZodType } from 'zod';
import type { HostView } from '../inventory/types.ts';
import type { AnyResource, Outcomes, Probe } from '../resources/contract.ts';
import type { Facts } from '../resources/facts.ts';
import type { Secret } from '../secret.ts';

/** Reaches one host: all that a role can do to it. */
export interface Reach {
  readonly host: HostView;
  readonly facts: Facts;
  /** One round trip when all is as wished. See docs/engine.md for what it does when not. */
  readonly ensure: <const Rs extends readonly AnyResource[]>(...resources: Rs) => Promise<Outcomes<Rs>>;
  /** A read-only question, one round trip; works under `--check` too. */
  readonly read: <State>(probe: Probe<State>) => Promise<State>;
}

/** What a role is given. */
export interface Context extends Reach {
  /** true under `--check`: `ensure` changes nothing, values made on a host are undefined */
  readonly check: boolean;
  /** every host of the inventory, in order, whether or not this run was limited */
  readonly inventory: readonly HostView[];
  /** names of hosts that this run has lost (unreachable or failed) */
  readonly lost: ReadonlySet<string>;
  /** another host of the inventory; connects when needed. @throws Unreachable */
  readonly on: (host: string) => Promise<Reach>;
  /** Renders `templates/NAME` of the role. @throws on undefined, null, objects, and on a Secret (use secretTemplate) */
  readonly template: (name: string, data: object) => string;
  /** The same where secrets may occur; the text is a secret itself. */
  readonly secretTemplate: (name: string, data: object) => Secret<string>;
  /** One line for the operator, shown under the host: a fact worth knowing, not a change. */
  readonly note: (text: string) => void;
}

export interface RoleDefinition<S extends ZodType> {
  /** also its tag; kebab-case */
  readonly name: string;
  /** `import.meta.dirname`: where templates/ is looked up. Only needed with templates. */
  readonly dir?: string;
  readonly vars: S;
  /** What is wrong with these vars beyond their schema; said before the first connection. */
  readonly refuse?: (vars: Output<S>, host: HostView, inventory: readonly HostView[]) => readonly string[];
  readonly run: (context: Context, vars: Output<S>) => Promise<void>;
}

/** One role, with its vars bound, in a play. */
export interface Step<V = unknown> {
  readonly role: string;
  /** the role's folder, when it has templates */
  readonly dir: string | undefined;
  readonly tags: readonly string[];
  /** The same step with more tags; `always` and `never` have their usual meaning. */
  tagged(...tags: readonly string[]): Step<V>;
  /** Parses the vars for this host. @throws BadInput */
  prepare(host: HostView<V>, inventory: readonly HostView<V>[]): PreparedStep;
}

export interface PreparedStep {
  /** as the role will be given them */
  readonly vars: unknown;
  run(context: Context): Promise<void>;
}

export interface Role<S extends ZodType> {
  (vars: Input<S>): Step;
  /** vars that depend on the host */
  for<V>(select: (host: HostView<V>) => Input<S>): Step<V>;
  readonly role: string;
  readonly schema: S;
}
