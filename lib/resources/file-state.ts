import { type Absent, type Link, type Node, parseLook } from './path-state.ts';

/** sha256 and content: of a regular file, as far as the probe printed them */
export type FileState = Absent | Link | (Node & { readonly sha256?: string; readonly content?: Buffer });

/** Reads `look`, then a line of sha256sum(1), then, after a line `content`, the content. */
export function parseFile(out: Buffer): FileState {
  const { state, rest } = parseLook(out);
  if (state.type !== 'file') return state;
  const sha256 = rest.toString('latin1', 0, 64);
  const marker = rest.indexOf('\ncontent\n');
  return marker === -1 ? { ...state, sha256 } : { ...state, sha256, content: rest.subarray(marker + 9) };
}
