import { badInput } from '../errors.ts';
import { sh } from '../sh.ts';
import { absolutePath } from './absolute-path.ts';
import type { Resource } from './contract.ts';
import { look, type PathState, parseLook, typeInWords } from './path-state.ts';
import { runStaged, type Stages } from './staged-run.ts';

export interface AbsentOptions {
  /** a directory goes with all that is in it; without this only an empty one goes */
  readonly recursive?: boolean;
}

/**
 * Nothing at that path. A symlink goes, what it leads to stays. Nothing is removed below a mount point.
 * @throws BadInput for a recursive removal of `/` or of a folder directly below it
 */
export function absent(path: string, { recursive = false }: AbsentOptions = {}): Resource<PathState> {
  const at = absolutePath('absent', path);
  if (at === '/' || (recursive && at.lastIndexOf('/') === 0)) {
    throw badInput(`absent ${path}: a whole top-level folder is never removed`);
  }
  return {
    kind: 'absent',
    id: path,
    probe: { script: look(at), parse: (out) => parseLook(out).state },
    diff: (state) => (state.type === 'absent' ? [] : [{ path: 'path', from: typeInWords(state) }]),
    async apply(host) {
      // rm --one-file-system would do, but busybox has none.
      const script = sh`
p=${at}
if [ -h "$p" ] || [ ! -d "$p" ]; then rm -f "$p" || exit 71; exit; fi
while read -r _ _ _ _ at _; do
  case $at in "$p" | "$p"/*) echo "mounted: $at" >&2; exit 69 ;; esac
done </proc/self/mountinfo
${recursive ? sh`rm -rf "$p" || exit 71` : sh`rmdir "$p" || exit 70`}`;
      await runStaged(host, script, stagesOf(at), { what: `remove ${at}` });
    },
  };
}

const stagesOf = (path: string): Stages => ({
  69: {
    message: `something is mounted at or below ${path}: nothing was removed`,
    mend: 'unmount it first',
    touched: false,
  },
  70: {
    message: `${path} is a directory that cannot be removed as it is`,
    mend: 'recursive: true removes its contents',
    touched: false,
  },
  71: { message: `${path} cannot be removed` },
});
