import { isUtf8 } from 'node:buffer';
import { refused } from '../errors.ts';
import { sh } from '../sh.ts';
import { atomicWrite } from './atomic-write.ts';
import type { Change, Probe, Writer } from './contract.ts';
import { octal } from './ownership.ts';
import { type Absent, type Link, look, type Node, parseLook, typeChange, typeInWords } from './path-state.ts';

export type TextState = Absent | Link | (Node & { readonly content?: Buffer });

/** A file of which only a part is wished for: what it shall be is worked out here, from all that it holds. */
export const textProbe = (path: string): Probe<TextState> => ({
  script: look(path, sh`if [ -f "$p" ]; then cat "$p"; fi`),
  parse(out) {
    const { state, rest } = parseLook(out);
    return state.type === 'file' ? { ...state, content: rest } : state;
  },
});

export interface Edit {
  /** `edit` gets the file's text and the wished text with the same encoding, and returns the whole new text. Pure. */
  readonly edit: (before: string, wished: string) => string;
  readonly wished: string;
  /** makes a missing file with this mode; undefined = a missing file is refused */
  readonly create?: number | undefined;
  /** undefined = the mode stays */
  readonly mode?: number | undefined;
}

/** What is to become of the file. A file in another encoding than UTF-8 keeps its bytes outside of the edit. */
function edited(
  state: TextState,
  { edit, wished }: Edit,
): { before: Buffer; after: Buffer; encoding: 'utf8' | 'latin1' } {
  const before = 'content' in state && state.content !== undefined ? state.content : Buffer.alloc(0);
  const encoding = isUtf8(before) ? 'utf8' : 'latin1';
  const after = edit(before.toString(encoding), Buffer.from(wished, 'utf8').toString(encoding));
  return { before, after: Buffer.from(after, encoding), encoding };
}

/** @throws Refused when the text cannot be edited safely */
export function editChanges(state: TextState, path: string, wish: Edit): readonly Change[] {
  if (state.type !== 'file' && state.type !== 'absent') return [typeChange(state, 'file')];
  const { before, after, encoding } = edited(state, wish);
  const changes: Change[] = [];
  if (state.type === 'absent' || !before.equals(after)) {
    changes.push({
      path,
      ...(state.type === 'absent' ? {} : { from: 'not as wished' }),
      to: 'as wished',
      text: { before: before.toString(encoding), after: after.toString(encoding) },
    });
  }
  if (state.type === 'file' && wish.mode !== undefined && state.mode !== wish.mode) {
    changes.push({ path: 'mode', from: octal(state.mode), to: octal(wish.mode) });
  }
  return changes;
}

/**
 * Writes the edited file with its owner and mode kept.
 * @throws Refused when the file is missing and may not be made, or is a symlink or no file at all
 */
export async function applyEdit(host: Writer, path: string, wish: Edit, state: TextState): Promise<void> {
  if (state.type === 'absent') {
    if (wish.create === undefined) {
      throw refused(`${path} does not exist`, { mend: 'install what brings it first, or make it with file()' });
    }
    const content = edited(state, wish).after;
    return atomicWrite(host, path, { content, mode: wish.create, owner: 'root', group: 'root' });
  }
  if (state.type !== 'file') {
    throw refused(`${path} is a ${typeInWords(state)}`, { mend: 'name the file itself' });
  }
  const { after } = edited(state, wish);
  const { uid, gid } = state;
  return atomicWrite(host, path, { content: after, mode: wish.mode ?? state.mode, owner: uid, group: gid });
}
