import { sh } from '../sh.ts';
import { absolutePath, folderOf, nameOf } from './absolute-path.ts';
import { setOwnership } from './atomic-write.ts';
import type { Resource } from './contract.ts';
import { checkSource, fetchScript, fetchStages, fetchTimeout, type Source } from './fetch.ts';
import { type FileState, parseFile } from './file-state.ts';
import { inWords, octal, ownership, ownershipChanges } from './ownership.ts';
import { look, typeChange } from './path-state.ts';
import { runStaged, type Stages } from './staged-run.ts';

export interface DownloadOptions extends Source {
  /** default 0644 */
  readonly mode?: number;
}

/**
 * A regular file, root:root, with this sha256. The bytes gather under `.NAME.konverge.SHA.part` beside it, where a later run
 * goes on with them, and get the name only when the checksum is right. Done by the host's curl or wget.
 * @throws BadInput for a url that is not http(s), or no full sha256
 */
export function download(path: string, options: DownloadOptions): Resource<FileState> {
  const at = absolutePath('download', path);
  checkSource(`download ${path}`, options);
  const { sha256 } = options;
  const wish = ownership(options.mode === undefined ? {} : { mode: options.mode }, 0o644);
  return {
    kind: 'download',
    id: path,
    probe: { script: look(at, checksum), parse: parseFile },
    diff(state) {
      if (state.type === 'absent') return [{ path: 'file', to: `${inWords(wish)} sha256 ${short(sha256)}` }];
      if (state.type !== 'file') return [typeChange(state, 'file')];
      const ofOwner = ownershipChanges(state, wish);
      if (state.sha256 === sha256) return ofOwner;
      return [{ path: 'sha256', from: short(state.sha256), to: short(sha256) }, ...ofOwner];
    },
    async apply(host, _changes, state) {
      if (state.type === 'file' && state.sha256 === sha256) return setOwnership(host, at, wish);
      const what = `download ${nameOf(at)}`;
      const stages = { ...fetchStages(what), ...stagesOf(at) };
      await runStaged(host, downloadScript(at, options, wish.mode), stages, { what, timeout: fetchTimeout });
    },
    evidence: { paths: [at], digest: sha256 },
  };
}

// At every run, of all of it: openssl(1) uses what the processor has for that, and is three times as fast as coreutils.
const checksum = sh`[ ! -f "$p" ] || openssl dgst -sha256 -r <"$p" 2>/dev/null || sha256sum <"$p"`;

const short = (sha256: string | undefined): string => `${sha256?.slice(0, 12)}`;

const downloadScript = (path: string, source: Source, mode: number) => sh`
umask 077
p=${path} d=${folderOf(path)} n=${nameOf(path)}
[ -d "$d" ] || (umask 022; mkdir -p "$d") || exit 70
if [ -e "$p" ] && [ ! -f "$p" ] && [ ! -h "$p" ]; then exit 69; fi
part=$d/.$n.konverge.${source.sha256.slice(0, 12)}.part
for old in "$d/.$n.konverge."*; do [ "$old" = "$part" ] || rm -f "$old"; done
${fetchScript(source)}
touch "$part" && chown root:root "$part" && chmod ${octal(mode)} "$part" && sync "$part" && mv -fT "$part" "$p" || exit 71
if command -v selinuxenabled >/dev/null 2>&1 && selinuxenabled; then restorecon "$p"; fi
sync "$d" || :`;

const stagesOf = (path: string): Stages => ({
  69: { message: `${path} is not a regular file`, mend: 'look at what it is; absent() removes it', touched: false },
  70: { message: `the folder ${folderOf(path)} cannot be made` },
  71: { message: `${path} cannot be put in place; it is as it was`, touched: false },
});
