import { type Script, sh } from '../sh.ts';
import type { Change } from './contract.ts';
import { octal } from './ownership.ts';

export interface InstalledFile {
  readonly sha256: string | undefined;
  readonly mode: number;
  /** a regular file of root's */
  readonly plain: boolean;
}

export interface ArchiveState {
  /** sha256 of the archive that was installed last, as its receipt says */
  readonly archive: string | undefined;
  /** path → sha256, when it was installed */
  readonly receipt: ReadonlyMap<string, string>;
  /** path → what is there now */
  readonly found: ReadonlyMap<string, InstalledFile>;
}

/** Inode, size and time of change of each file, to the nanosecond; GNU stat(1) has that, others print something else. */
export const identities = (paths: readonly string[]): Script => sh`stat -c 'stat %i %s %.9Z %n' ${paths} 2>/dev/null`;

/**
 * The receipt: `archive SHA256`, then what sha256sum(1) and stat(1) said of the members right after they were installed.
 * Reading 150 MB at every run to find nothing is a waste: a file whose inode, size and time of change are those of the
 * receipt is unaltered (whatever writes to it moves the last), and only the others are summed again, as git's index does.
 */
export const archiveProbe = (receipt: string, paths: readonly string[]): Script => sh`
kept=
if [ -f ${receipt} ]; then kept=$(cat ${receipt}); fi
printf '%s\n\n--\n' "$kept"
now=$(${identities(paths)})
case $now in
  *.[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]\ *)
    case $kept in
      *"$now"*) echo ${unaltered} ;;
      *) sha256sum ${paths} 2>/dev/null ;;
    esac ;;
  *) sha256sum ${paths} 2>/dev/null ;;
esac
echo --
stat -c '%f %u:%g %n' ${paths} 2>/dev/null
exit 0`;

const unaltered = 'as in the receipt';

export function parseArchive(out: Buffer): ArchiveState {
  const [receipt = '', now = '', stats = ''] = out.toString('utf8').split(/^--\n/m);
  const sums = sumsOf(now.startsWith(unaltered) ? receipt : now);
  const found = [...stats.matchAll(/^([0-9a-f]+) (\d+:\d+) (.+)$/gm)].map(([, raw = '', owner, path = '']) => {
    const bits = Number.parseInt(raw, 16);
    const plain = (bits & 0o170000) === 0o100000 && owner === '0:0';
    return [path, { sha256: sums.get(path), mode: bits & 0o7777, plain }] as const;
  });
  return { archive: /^archive ([0-9a-f]{64})$/m.exec(receipt)?.[1], receipt: sumsOf(receipt), found: new Map(found) };
}

const sumsOf = (text: string): ReadonlyMap<string, string> =>
  new Map([...text.matchAll(/^([0-9a-f]{64}) [ *](.+)$/gm)].map(([, sum = '', path = '']) => [path, sum] as const));

/** `paths` as they were installed from the archive `sha256`? */
export function archiveChanges(
  state: ArchiveState,
  { sha256, paths, mode }: { readonly sha256: string; readonly paths: readonly string[]; readonly mode: number },
): readonly Change[] {
  const to = `from archive ${sha256.slice(0, 12)}`;
  const changes = paths.flatMap((path): readonly Change[] => {
    const is = state.found.get(path);
    if (is === undefined) return [{ path, to }];
    if (!is.plain) return [{ path, from: 'not a regular file of root', to }];
    const known = state.receipt.get(path);
    if (known !== undefined && is.sha256 !== known) return [{ path, from: 'altered since it was installed', to }];
    if (known === undefined && state.archive === sha256) return [{ path, from: 'of unknown origin', to }];
    return is.mode === mode ? [] : [{ path: `${path} mode`, from: octal(is.mode), to: octal(mode) }];
  });
  if (state.archive === sha256) return changes;
  const from = state.archive === undefined ? {} : { from: state.archive.slice(0, 12) };
  return [{ path: 'archive', ...from, to: sha256.slice(0, 12) }, ...changes];
}
