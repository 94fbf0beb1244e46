import { badInput } from '../errors.ts';
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

/** @throws BadInput on a mode that chmod(2) does not know, or that was meant to be octal */
export const ownership = (options: OwnershipOptions, mode: number): Ownership => ({
  mode: checkedMode(options.mode ?? mode),
  owner: options.owner ?? 'root',
  group: options.group ?? 'root',
});

/** Modes that people mean, as the decimal numbers they become where the 0o is forgotten: 644 would be 01204. */
const forgotten = new Set([
  400, 440, 444, 500, 550, 555, 600, 640, 644, 660, 664, 666, 700, 750, 755, 770, 775, 777, 1777,
]);

function checkedMode(mode: number): number {
  if (!forgotten.has(mode) && Number.isInteger(mode) && mode >= 0 && mode <= 0o7777) return mode;
  const mend = `write it in octal: 0o${String(mode).replace(/^0o?/, '')}`;
  throw badInput(`mode ${mode} is no mode of a file`, { mend });
}

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
