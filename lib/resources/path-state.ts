import { type Script, sh } from '../sh.ts';
import type { Change } from './contract.ts';
import type { Attributes } from './ownership.ts';

export interface Absent {
  readonly type: 'absent';
}
export interface Link {
  readonly type: 'symlink';
  readonly target: string;
}
export interface Node extends Attributes {
  readonly type: 'file' | 'directory' | 'device, socket or pipe';
}
/** What is at a path; a symlink is never followed. */
export type PathState = Absent | Link | Node;

/**
 * Prints `absent`, or `symlink` and the target, or stat(1)'s `%f %u %g %U %G` and then what `more` prints; in `more` the
 * path is `$p` and is no link.
 */
export const look = (path: string, more: Script = sh``): Script => sh`
p=${path}
if [ -h "$p" ]; then echo symlink; readlink "$p"; exit; fi
if [ ! -e "$p" ]; then echo absent; exit; fi
stat -c '%f %u %g %U %G' "$p" || exit
${more}`;

export interface Looked {
  readonly state: PathState;
  /** what follows the first line */
  readonly rest: Buffer;
}

export function parseLook(out: Buffer): Looked {
  const end = out.indexOf('\n');
  const head = out.toString('utf8', 0, end);
  const rest = out.subarray(end + 1);
  if (head === 'absent') return { state: { type: 'absent' }, rest };
  if (head === 'symlink') return { state: { type: 'symlink', target: rest.toString().replace(/\n$/, '') }, rest };
  return { state: node(head), rest };
}

const typeBits = 0o170000;
const types = new Map<number, Node['type']>([
  [0o100000, 'file'],
  [0o040000, 'directory'],
]);

function node(head: string): Node {
  const [raw = '', uid = '', gid = '', owner = '', group = ''] = head.split(' ');
  const bits = Number.parseInt(raw, 16);
  if (Number.isNaN(bits)) throw new TypeError(`stat said: ${head}`);
  const type = types.get(bits & typeBits) ?? 'device, socket or pipe';
  return { type, mode: bits & 0o7777, uid, gid, owner, group };
}

export const typeInWords = (state: PathState): string =>
  state.type === 'symlink' ? `symlink to ${state.target}` : state.type;

export const typeChange = (state: PathState, to: string): Change => ({
  path: 'type',
  from: typeInWords(state),
  to,
});
