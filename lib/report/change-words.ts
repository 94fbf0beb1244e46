import type { Change } from '../resources/contract.ts';
import { oneLine } from './printable.ts';
import { cut } from './width.ts';

const longest = 60;

/** `content, mode 0600 → 0644` */
export const changeWords = (changes: readonly Change[]): string => changes.map((change) => words(change)).join(', ');

function words({ path, from, to }: Change): string {
  const name = oneLine(path);
  // Two checksums say only that the contents differ, and the name says that already.
  const isSum = [from, to].every((text) => text?.startsWith('sha256 '));
  return isSum || (from === undefined && to === undefined) ? name : `${name} ${value(from)} → ${value(to)}`;
}

const value = (text: string | undefined): string => (text === undefined ? 'absent' : cut(oneLine(text), longest));
