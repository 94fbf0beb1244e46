import type { Change } from './contract.ts';

/** What a file or folder shall have. */
export interface Ownership {
  readonly mode: number;
  readonly owner: string;
  readonly group: string;
}

/** What it has, as stat(1) says: names and numbers, since either may be wished. */
export interface Attributes {
  readonly mode: number;
  readonly owner: string;
  readonly group: string;
  readonly uid: string;
  readonly gid: string;
}

export interface OwnershipOptions {
  readonly mode?: number;
  /** name or number; default root */
  readonly owner?: string;
  readonly group?: string;
}

export const ownership = (options: OwnershipOptions, mode: number): Ownership => ({
  mode: options.mode ?? mode,
  owner: options.owner ?? 'root',
  group: options.group ?? 'root',
});

/** `0644` */
export const octal = (mode: number): string => mode.toString(8).padStart(4, '0');
/** `0644 root:root` */
export const inWords = (wish: Ownership): string => `${octal(wish.mode)} ${wish.owner}:${wish.group}`;

/** Differences in mode, owner and group. */
export function ownershipChanges(is: Attributes, wish: Ownership): readonly Change[] {
  const changes: Change[] = [];
  if (is.mode !== wish.mode) changes.push({ path: 'mode', from: octal(is.mode), to: octal(wish.mode) });
  if (is.owner !== wish.owner && is.uid !== wish.owner) {
    changes.push({ path: 'owner', from: is.owner, to: wish.owner });
  }
  if (is.group !== wish.group && is.gid !== wish.group) {
    changes.push({ path: 'group', from: is.group, to: wish.group });
  }
  return changes;
}
