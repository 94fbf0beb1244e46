import { sh } from '../sh.ts';
import { absolutePath, folderOf } from './absolute-path.ts';
import type { Resource } from './contract.ts';
import { inWords, type OwnershipOptions, octal, ownership, ownershipChanges } from './ownership.ts';
import { type Absent, look, type Node, parseLook, typeChange } from './path-state.ts';
import { runStaged, type Stages } from './staged-run.ts';

export type DirectoryState = Absent | Node | { readonly type: 'symlink'; readonly target: string };

/**
 * A directory with this mode (default 0755) and owner (default root:root), not its contents; missing parents are made,
 * 0755. A symlink that leads to a directory is that directory: data folders are often moved to another disk this way.
 * Anything else at the path is refused.
 */
export function directory(path: string, options: OwnershipOptions = {}): Resource<DirectoryState> {
  const at = absolutePath('directory', path);
  const wish = ownership(options, 0o755);
  const owner = `${wish.owner}:${wish.group}`;
  return {
    kind: 'directory',
    id: path,
    probe: {
      // With the dot the shell is led through the link.
      script: sh`if [ -d ${at} ]; then stat -c '%f %u %g %U %G' ${`${at}/.`}; exit; fi
${look(at)}`,
      parse: (out) => parseLook(out).state,
    },
    diff(state) {
      if (state.type === 'absent') return [{ path: 'directory', to: inWords(wish) }];
      return state.type === 'directory' ? ownershipChanges(state, wish) : [typeChange(state, 'directory')];
    },
    async apply(host) {
      const script = sh`
p=${at}
if [ ! -d "$p" ]; then
  if [ -h "$p" ] || [ -e "$p" ]; then exit 69; fi
  (umask 022; mkdir -p ${folderOf(at)}) && mkdir -m 0700 "$p" || exit 70
  if command -v selinuxenabled >/dev/null 2>&1 && selinuxenabled; then restorecon "$p"; fi
fi
chown ${owner} "$p/." && chmod ${octal(wish.mode)} "$p/." || exit 74`;
      await runStaged(host, script, stagesOf(at), { what: `make directory ${at}` });
    },
  };
}

const stagesOf = (path: string): Stages => ({
  69: {
    message: `${path} is there and is not a directory`,
    mend: 'look at what it is; absent() removes it',
    touched: false,
  },
  70: { message: `the directory ${path} cannot be made` },
  74: { message: `owner or mode of ${path} cannot be set` },
});
