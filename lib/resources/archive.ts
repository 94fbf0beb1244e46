import { badInput } from '../errors.ts';
import { type Script, sh } from '../sh.ts';
import { absolutePath } from './absolute-path.ts';
import { type ArchiveState, archiveChanges, archiveProbe, identities, parseArchive } from './archive-state.ts';
import type { Resource } from './contract.ts';
import { checkSource, fetchScript, fetchStages, fetchTimeout, type Source } from './fetch.ts';
import { octal } from './ownership.ts';
import { runStaged, type Stages } from './staged-run.ts';

export interface ArchiveOptions extends Source {
  /** unique on the host; also the name of the receipt: letters, digits and `._+-` */
  readonly name: string;
  /** path in the archive (after `strip`) → path below the folder */
  readonly members: Readonly<Record<string, string>>;
  /** leading parts of the paths in the archive that are dropped; default 0 */
  readonly strip?: number;
  /** default 0755 */
  readonly mode?: number;
}

/** Where konverge keeps its own things on a host. */
export interface Places {
  /** one small file an archive: what was installed from what */
  readonly receipts: string;
  /** downloads under way; removed once installed */
  readonly cache: string;
}

const standardPlaces: Places = { receipts: '/var/lib/konverge/archives', cache: '/var/cache/konverge' };

/**
 * Each member is a regular file of root's below `dir`, unaltered since it was taken from exactly this archive. The archive
 * itself is not kept: the receipt in /var/lib/konverge/archives/NAME tells drift. Nothing is installed before the
 * checksum is right and every member was found; each takes its place by a rename, so running programs go on undisturbed.
 * @throws BadInput for a bad source, name or member path
 */
export const archive = (dir: string, options: ArchiveOptions): Resource<ArchiveState> =>
  archiveIn(standardPlaces, dir, options);

export function archiveIn(places: Places, dir: string, options: ArchiveOptions): Resource<ArchiveState> {
  const at = absolutePath('archive', dir);
  const { name, sha256, mode = 0o755 } = options;
  checkSource(`archive ${name}`, options);
  if (!/^[A-Za-z0-9][\w.+-]*$/.test(name)) throw badInput(`archive ${name}: the name must be letters, digits and ._+-`);
  const targets = Object.values(options.members).map((below) => absolutePath('archive', `${at}/${below}`));
  if (targets.length === 0) throw badInput(`archive ${name}: no member is named`);
  const paths = [...new Set(targets)];
  return {
    kind: 'archive',
    id: name,
    probe: { script: archiveProbe(`${places.receipts}/${name}`, paths), parse: parseArchive },
    diff: (state) => archiveChanges(state, { sha256, paths, mode }),
    async apply(host) {
      const what = `install ${name}`;
      const stages = { ...fetchStages(what), ...stagesOf(name) };
      await runStaged(host, installScript(places, at, options, mode, paths), stages, { what, timeout: fetchTimeout });
    },
    evidence: { paths, digest: sha256 },
  };
}

// GNU tar would tell the compression by itself, busybox's does not: by the magic numbers of gzip, bzip2 and xz. Times are
// those of the installation (-m): a service tells by them whether it runs with something older.
function installScript(
  places: Places,
  dir: string,
  options: ArchiveOptions,
  mode: number,
  paths: readonly string[],
): Script {
  const pairs = Object.entries(options.members).flatMap(([from, to]) => [from.replace(/^\.\//, ''), to]);
  return sh`
umask 077
cache=${places.cache} receipts=${places.receipts} name=${options.name} dir=${dir}
mkdir -p "$cache" && (umask 022; mkdir -p "$receipts" "$dir") || exit 70
part=$cache/$name-${options.sha256}.part
for old in "$cache/$name-"????????????????????????????????????????????????????????????????.part; do
  [ "$old" = "$part" ] || rm -f "$old"
done
${fetchScript(options)}
x=$dir/.konverge.$name r=$receipts/.$name.konverge.new
trap 'rm -rf "$x" "$r"' EXIT
trap 'exit 143' HUP INT TERM
rm -rf "$x" && mkdir "$x" || exit 70
case $(od -An -tx1 -N2 "$part" | tr -d ' ') in 1f8b) z=z ;; 425a) z=j ;; fd37) z=J ;; *) z= ;; esac
tar "-x\${z}omf" "$part" -C "$x" --strip-components ${options.strip ?? 0} || exit 71
${installMembers(pairs, mode)}
${identities(paths)} >>"$r"
sync "$r" || exit 73
mv -fT "$r" "$receipts/$name" && sync "$receipts" || exit 73
rm -f "$part"`;
}

// All members are looked at before the first one is moved.
const installMembers = (pairs: readonly string[], mode: number): Script => sh`
set -- ${pairs}
while [ $# -gt 0 ]; do
  if [ ! -f "$x/$1" ] || [ -h "$x/$1" ]; then
    echo "no member $1; there are:" >&2; (cd "$x" && find . -type f | head -n 30) >&2; exit 72
  fi
  shift 2
done
echo "archive $want" >"$r" || exit 73
set -- ${pairs}
while [ $# -gt 0 ]; do
  to=$dir/$2
  (umask 022; mkdir -p "\${to%/*}") && chown root:root "$x/$1" && chmod ${octal(mode)} "$x/$1" && sync "$x/$1" &&
    mv -fT "$x/$1" "$to" || exit 73
  sha256sum "$to" >>"$r" || exit 73
  if command -v selinuxenabled >/dev/null 2>&1 && selinuxenabled; then restorecon "$to"; fi
  shift 2
done`;

const stagesOf = (name: string): Stages => ({
  70: { message: `${name}: a folder for it cannot be made` },
  71: { message: `${name}: the archive cannot be unpacked, nothing was installed`, touched: false },
  72: {
    message: `${name}: the archive lacks a member, nothing was installed`,
    mend: 'compare the names of the members with those in the archive',
    touched: false,
  },
  73: { message: `${name}: the installation was not finished`, touched: true },
});
