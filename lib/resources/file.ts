import { createHash } from 'node:crypto';
import { isSecret } from '../secret.ts';
import { type Script, sh } from '../sh.ts';
import { absolutePath } from './absolute-path.ts';
import { atomicWrite, bytesOf, type Content, setOwnership } from './atomic-write.ts';
import type { Change, Resource } from './contract.ts';
import { type FileState, parseFile } from './file-state.ts';
import { inWords, type Ownership, type OwnershipOptions, ownership, ownershipChanges } from './ownership.ts';
import { look, typeChange } from './path-state.ts';
import { textOf } from './text.ts';

export interface FileOptions extends OwnershipOptions {
  /** a Secret never comes back from the host and is never shown */
  readonly content: Content;
  /** a check of the new content under a temp name in the same folder; non-zero = the file stays as it is */
  readonly validate?: (candidate: string) => Script;
  /** keeps the old content as `PATH.20240131T120000Z~` */
  readonly backup?: boolean;
}

/** Larger files are compared by their sha256 alone and shown without a diff. */
const shownBytes = 128 * 1024;

/**
 * A regular file with exactly this content, owner and mode (default 0644 root:root); missing parent folders are made.
 * A symlink at the path is replaced by the file; what it led to is not touched. A directory or device is refused.
 * Hard links to the old file keep the old content.
 */
export function file(path: string, options: FileOptions): Resource<FileState> {
  const at = absolutePath('file', path);
  const wish = ownership(options, 0o644);
  const bytes = bytesOf(options.content);
  const hidden = isSecret(options.content);
  const digest = createHash('sha256').update(bytes).digest('hex');
  return {
    kind: 'file',
    id: path,
    probe: { script: hidden ? look(at, hash) : look(at, hashAndContent(digest)), parse: parseFile },
    diff: (state) => fileChanges(state, wish, { bytes, digest, hidden }),
    async apply(host, changes) {
      const kept = changes.every(
        (change) => change.path === 'mode' || change.path === 'owner' || change.path === 'group',
      );
      if (kept) await setOwnership(host, at, wish);
      else await atomicWrite(host, at, { ...wish, content: options.content, ...pick(options) });
    },
    evidence: { paths: [at], digest },
  };
}

const pick = ({ validate, backup }: FileOptions): Pick<FileOptions, 'validate' | 'backup'> => ({
  ...(validate === undefined ? {} : { validate }),
  ...(backup === undefined ? {} : { backup }),
});

// The digest of a short secret would give it away, so it stays on the controller.
const hash = sh`[ -f "$p" ] || exit 0
sha256sum <"$p"`;

const hashAndContent = (digest: string): Script => sh`
[ -f "$p" ] || exit 0
have=$(sha256sum <"$p") || exit
echo "$have"
if [ "\${have%% *}" != ${digest} ] && [ "$(wc -c <"$p")" -le ${shownBytes} ]; then echo content; cat "$p"; fi`;

interface Wished {
  readonly bytes: Buffer;
  readonly digest: string;
  readonly hidden: boolean;
}

function fileChanges(state: FileState, wish: Ownership, { bytes, digest, hidden }: Wished): readonly Change[] {
  const text = (before: Buffer | undefined): Pick<Change, 'text'> => (hidden ? {} : shown(before, bytes));
  if (state.type === 'absent') {
    return [{ path: hidden ? 'file (secret)' : 'file', to: inWords(wish), ...text(Buffer.alloc(0)) }];
  }
  if (state.type !== 'file') return [typeChange(state, 'file')];
  const ofOwner = ownershipChanges(state, wish);
  if (state.sha256 === digest) return ofOwner;
  if (hidden) return [{ path: 'content (secret)' }, ...ofOwner];
  const from = `sha256 ${state.sha256?.slice(0, 12)}`;
  return [{ path: 'content', from, to: `sha256 ${digest.slice(0, 12)}`, ...text(state.content) }, ...ofOwner];
}

/** The two texts, when both are texts. */
function shown(before: Buffer | undefined, after: Buffer): Pick<Change, 'text'> {
  const old = before === undefined ? undefined : textOf(before);
  const wished = textOf(after);
  return old === undefined || wished === undefined ? {} : { text: { before: old, after: wished } };
}
