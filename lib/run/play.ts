import type { Cluster, HostSet, HostView, InventoryDefinition } from '../inventory/types.ts';
import type { BatchSize } from '../plan/batches.ts';
import type { Step } from './role.ts';

export type { Cluster } from '../inventory/types.ts';

export interface PlayOptions {
  readonly tags?: readonly string[];
  /** hosts at a time, batch after batch; the last entry of a list repeats. Default: all at once, within `--forks`. */
  readonly serial?: BatchSize | readonly BatchSize[];
  /** hosts that run at once at most, without batches */
  readonly throttle?: number;
  /** the play stops when more than this share of a batch has failed or is unreachable. Default 100. */
  readonly maxFailPercent?: number;
  readonly anyErrorsFatal?: boolean;
}

export interface Play<V = unknown> {
  readonly title: string;
  readonly hosts: readonly HostView<V>[];
  readonly steps: readonly Step<V>[];
  readonly options: PlayOptions;
}

export interface Playbook<G extends string = string, V = unknown> {
  readonly name: string;
  /** groups that an inventory need not have: a play on one that is not there has no hosts */
  readonly optional?: readonly G[];
  build(cluster: Cluster<G, V>): readonly Play<V>[];
}

export function play<V>(
  title: string,
  on: HostSet<V>,
  steps: readonly Step<NoInfer<V>>[],
  options: PlayOptions = {},
): Play<V> {
  return { title, hosts: on.hosts, steps, options };
}

/**
 * `playbook<typeof inventory>('site', ({ group }) => [ … ])`: groups and vars are those of that inventory's type. Groups that
 * an inventory need not have are named twice, for the compiler and for the run:
 * `playbook<typeof inventory, 'etcd'>('site', …, { optional: ['etcd'] })`.
 */
export function playbook<I extends InventoryDefinition<never>, Optional extends string = never>(
  name: string,
  build: (cluster: Cluster<GroupsOf<I> | Optional, VarsOf<I>>) => readonly Play<VarsOf<I>>[],
  { optional = [] }: { readonly optional?: readonly Optional[] } = {},
): Playbook<GroupsOf<I> | Optional, VarsOf<I>> {
  return { name, optional, build };
}

export type GroupsOf<I> = I extends InventoryDefinition<infer G> ? G : never;
export type VarsOf<I> = I extends InventoryDefinition<never, infer V> ? V : never;
