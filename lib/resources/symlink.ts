import { randomBytes } from 'node:crypto';
import { badInput } from '../errors.ts';
import { sh } from '../sh.ts';
import { absolutePath, folderOf, nameOf } from './absolute-path.ts';
import type { Resource } from './contract.ts';
import { look, type PathState, parseLook, typeChange } from './path-state.ts';
import { runStaged, type Stages } from './staged-run.ts';

/**
 * A symbolic link to `target` (which need not exist), put in place by a rename. A regular file at the path is replaced,
 * a directory is refused. Missing parent folders are made, 0755.
 * @throws BadInput when `target` is empty or has more than one line
 */
export function symlink(path: string, target: string): Resource<PathState> {
  const at = absolutePath('symlink', path);
  if (target === '' || /[\n\0]/.test(target)) throw badInput(`symlink ${path}: odd target ${JSON.stringify(target)}`);
  return {
    kind: 'symlink',
    id: path,
    probe: { script: look(at), parse: (out) => parseLook(out).state },
    diff(state) {
      if (state.type === 'absent') return [{ path: 'target', to: target }];
      if (state.type !== 'symlink') return [typeChange(state, `symlink to ${target}`)];
      return state.target === target ? [] : [{ path: 'target', from: state.target, to: target }];
    },
    async apply(host) {
      const temp = `${folderOf(at)}/.${nameOf(at)}.konverge.${randomBytes(6).toString('hex')}`;
      const script = sh`
p=${at} d=${folderOf(at)} n=${nameOf(at)} t=${temp}
[ -d "$d" ] || (umask 022; mkdir -p "$d") || exit 70
if [ -d "$p" ] && [ ! -h "$p" ]; then exit 69; fi
rm -f "$d/.$n.konverge."*
trap 'rm -f "$t"' EXIT
ln -s ${target} "$t" && mv -fT "$t" "$p" || exit 71`;
      await runStaged(host, script, stagesOf(at), { what: `link ${at}` });
    },
  };
}

const stagesOf = (path: string): Stages => ({
  69: { message: `${path} is a directory`, mend: 'absent() with recursive removes it', touched: false },
  70: { message: `the folder ${folderOf(path)} cannot be made` },
  71: { message: `the link ${path} cannot be made`, touched: false },
});
