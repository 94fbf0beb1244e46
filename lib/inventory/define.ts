import type { ZodType } from 'zod';
import type { Secret } from '../secret.ts';
import type { HostEntry, HostView, InventoryDefinition, Problem, VarsSource } from './types.ts';

/** Some of the vars, as a host gives them in hosts.ts: maps are merged, the rest replaces. */
export type VarsPatch<T> =
  T extends Secret<infer S>
    ? S | Secret<S>
    : T extends readonly unknown[]
      ? T
      : T extends object
        ? { readonly [K in keyof T]?: VarsPatch<T[K]> }
        : T;

/** A host of hosts.ts whose own vars the compiler knows. */
export interface TypedHostEntry<V> extends HostEntry {
  readonly vars?: VarsPatch<V> & Readonly<Record<string, unknown>>;
}

/**
 * Hosts, groups and where their vars come from. Nothing is read and nothing is contacted. A group that names a host
 * that does not exist, and a host with a var that the schema does not know, do not compile.
 */
export function defineInventory<V, const Name extends string, const Group extends string>(definition: {
  readonly vars: VarsSource<V>;
  readonly hosts: { readonly [N in Name]: TypedHostEntry<NoInfer<V>> };
  readonly groups: { readonly [N in Group]: readonly NoInfer<Name>[] };
}): InventoryDefinition<Group, V> {
  return definition;
}

/**
 * Vars from `FOLDER/all.yaml` and `FOLDER/GROUP.yaml` (kebab-case), `folder` being relative to the inventory file.
 * `check` sees all hosts at once, after the schema has passed each. Nothing is read before the inventory is loaded.
 */
export function groupVars<V>(
  folder: string,
  schema: ZodType<V>,
  check: (hosts: readonly HostView<NoInfer<V>>[]) => readonly Problem[] = () => [],
): VarsSource<V> {
  return { folder, schema, check };
}
