import type { ZodType } from 'zod';
import type { Secret } from '../secret.ts';
import type { LocatedProblem } from './located-problem.ts';
import type { Places } from './places.ts';
import type { MapTree } from './tree.ts';

/** How a host is reached, where it differs from ssh_config(5) and the defaults. */
export interface SshSettings {
  /** name or address to connect to; default: the host's `address` */
  readonly host?: string;
  readonly port?: number;
  /** default: ssh_config's, else root */
  readonly user?: string;
  readonly password?: Secret<string>;
  /** private key file */
  readonly identity?: string;
  /** of the private key; without it the agent is asked, and then the operator */
  readonly passphrase?: Secret<string>;
  /** ProxyJump: `user@bastion:port` or a Host of ssh_config */
  readonly jump?: string;
  /** file of known host keys; default: ssh_config's UserKnownHostsFile */
  readonly knownHosts?: string;
  /** `yes`: unknown keys are refused; `accept-new`: they are recorded. A changed key is always refused. Default yes. */
  readonly hostKeys?: 'yes' | 'accept-new';
}

export interface BecomeSettings {
  /** `auto`: nothing when already root, else sudo */
  readonly method: 'auto' | 'none' | 'sudo';
  readonly password?: Secret<string>;
}

/** What hosts.ts says of one host. */
export interface HostEntry {
  /** the address of the host inside the cluster's network: InternalIP, etcd peer, haproxy backend */
  readonly address: string;
  readonly ssh?: SshSettings;
  readonly become?: BecomeSettings;
  /** the machine that konverge runs on: no SSH */
  readonly local?: boolean;
  /** wins over every group's vars; checked by the same schema */
  readonly vars?: Readonly<Record<string, unknown>>;
}

/** One host as roles and playbooks see it. */
export interface HostView<V = unknown> {
  readonly name: string;
  readonly address: string;
  readonly groups: readonly string[];
  readonly vars: V;
}

/** One host as the engine sees it. */
export interface Host<V = unknown> extends HostView<V> {
  readonly ssh: SshSettings;
  readonly become: BecomeSettings;
  readonly local: boolean;
}

/** Where vars come from; read only when the inventory is loaded, so that importing hosts.ts touches nothing. */
export interface VarsSource<V> {
  /** folder of `all.yaml` and one file a group, relative to the inventory file */
  readonly folder: string;
  readonly schema: ZodType<V>;
  /** cross-checks over all hosts, after the schema: CIDR overlaps, priorities … */
  check(hosts: readonly HostView<V>[]): readonly Problem[];
}

/** A problem with the place it can be mended at: `path` is the vars path, [] = the inventory itself. */
export interface Problem {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly mend?: string;
  readonly host?: string;
  /** worth telling the operator, but no reason to stop */
  readonly severity?: 'note';
}

/** What `defineInventory` returns and hosts.ts exports as `inventory`. */
export interface InventoryDefinition<G extends string = string, V = unknown> {
  readonly vars: VarsSource<V>;
  readonly hosts: Readonly<Record<string, HostEntry>>;
  readonly groups: Readonly<Record<G, readonly string[]>>;
  /** present when hosts and groups were read from a file that is not this definition's own */
  readonly source?: InventorySource;
}

/** What another tool's inventory says besides hosts and groups. */
export interface InventorySource {
  readonly places: Places;
  readonly notes: readonly LocatedProblem[];
  /** vars of a host that win over those of groups; files in the folder `without` are not read, as somebody else does */
  varsOf(host: string, without?: string): MapTree;
}

/** A loaded inventory: every var of every host is checked. */
export interface Inventory<G extends string = string, V = unknown> {
  readonly hosts: readonly Host<V>[];
  readonly groups: ReadonlyMap<G, readonly string[]>;
}

/** An ordered set of hosts that a play runs on. */
export interface HostSet<V> {
  readonly hosts: readonly HostView<V>[];
  /** the first host alone */
  readonly first: HostSet<V>;
  /** all but the first */
  readonly rest: HostSet<V>;
}

/** What a playbook's builder is given: the loaded inventory, by names that the compiler knows. */
export interface Cluster<G extends string, V> {
  /** the union, in inventory order */
  readonly group: (...names: readonly [G, ...G[]]) => HostSet<V>;
  readonly all: HostSet<V>;
}
