import { isSecret } from '../secret.ts';

/** Where a var was written. */
export interface Origin {
  /** as printed: `group_vars/all.yaml`, or `-e` for the command line */
  readonly file: string;
  /** 1-based; absent when only the file is known */
  readonly line?: number;
  readonly column?: number;
}

export interface MapTree {
  readonly kind: 'map';
  readonly origin: Origin;
  readonly entries: ReadonlyMap<string, VarTree>;
}

export interface ListTree {
  readonly kind: 'list';
  readonly origin: Origin;
  readonly items: readonly VarTree[];
}

export interface LeafTree {
  readonly kind: 'leaf';
  readonly origin: Origin;
  readonly value: unknown;
  /** the text it was read from, where that is not the value: `1.30` of the number 1.3 */
  readonly source?: string;
  /** the environment variable it was taken from; such a value is never shown */
  readonly env?: string;
  /** `value`: it stands encrypted in its file. `file`: the whole file is encrypted. Such a value is never shown. */
  readonly age?: 'value' | 'file';
  /** the encrypted text of a value that is still to be decrypted */
  readonly armored?: string;
  /** encrypted by ansible-vault: nobody here can read it */
  readonly vault?: true;
}

/** Whether this, or anything in it, was kept out of sight where it was written. */
export function isHidden(tree: VarTree): boolean {
  if (tree.kind === 'leaf') return tree.env !== undefined || tree.age !== undefined;
  return tree.kind === 'list' ? tree.items.some(isHidden) : [...tree.entries.values()].some(isHidden);
}

/** Whether it stands on the command line itself, where all users of this machine can read it. */
export const isTyped = ({ origin, env, age }: LeafTree): boolean =>
  /^-e(?: |$)/.test(origin.file) && env === undefined && age === undefined;

/** Vars with the place of every key. `origin` is where the key (or list item) stands. */
export type VarTree = MapTree | ListTree | LeafTree;

export type VarPath = readonly (string | number)[];

/** Maps are merged key by key; lists and scalars of `over` replace what was there, and everything keeps its origin. */
export function mergeMaps(under: MapTree, over: MapTree): MapTree {
  const entries = new Map(under.entries);
  for (const [key, tree] of over.entries) {
    const before = entries.get(key);
    entries.set(key, before?.kind === 'map' && tree.kind === 'map' ? mergeMaps(before, tree) : tree);
  }
  return { kind: 'map', origin: under.origin, entries };
}

/** The plain value, for a schema to parse. */
export function plain(tree: VarTree): unknown {
  if (tree.kind === 'leaf') return tree.value;
  if (tree.kind === 'list') return tree.items.map(plain);
  return Object.fromEntries([...tree.entries].map(([key, child]) => [key, plain(child)]));
}

/** undefined when nothing was written at `path`. */
export function treeAt(tree: VarTree, path: VarPath): VarTree | undefined {
  let at: VarTree | undefined = tree;
  for (const key of path) at = at === undefined ? undefined : childOf(at, key);
  return at;
}

/** Where `path` was written, or else the nearest thing around it that was written. */
export function originAt(tree: VarTree, path: VarPath): Origin {
  let at = tree;
  for (const key of path) {
    const child = childOf(at, key);
    if (child === undefined) break;
    at = child;
  }
  return at.origin;
}

/** Any plain value as a tree whose every part stems from `origin`. */
export function treeOf(value: unknown, origin: Origin): VarTree {
  if (Array.isArray(value)) return { kind: 'list', origin, items: value.map((item) => treeOf(item, origin)) };
  return isPlainObject(value) ? mapOf(value, origin) : { kind: 'leaf', origin, value };
}

export function mapOf(value: Readonly<Record<string, unknown>>, origin: Origin): MapTree {
  const given = Object.entries(value).filter(([, child]) => child !== undefined);
  return { kind: 'map', origin, entries: new Map(given.map(([key, child]) => [key, treeOf(child, origin)])) };
}

/** `group_vars/all.yaml:12:3` */
export function originText({ file, line, column }: Origin): string {
  return [file, line, column].filter((part) => part !== undefined).join(':');
}

function childOf(tree: VarTree, key: string | number): VarTree | undefined {
  if (tree.kind === 'map') return tree.entries.get(String(key));
  return tree.kind === 'list' ? tree.items[Number(key)] : undefined;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !isSecret(value);
}
