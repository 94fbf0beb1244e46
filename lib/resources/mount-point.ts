import { commandFailed } from '../errors.ts';
import { type Script, sh } from '../sh.ts';
import { absolutePath } from './absolute-path.ts';
import { atomicWrite } from './atomic-write.ts';
import type { Change, Resource, Writer } from './contract.ts';
import { type FstabEntry, withMount } from './fstab.ts';

export interface MountPointOptions {
  /** as in fstab(5): `/dev/sdb1`, `UUID=…`, `tmpfs` */
  readonly source: string;
  readonly fstype: string;
  /** default `defaults` */
  readonly options?: string;
}

export interface MountPointState {
  readonly fstab: string;
  /** what is mounted at the very path, the topmost; undefined = nothing */
  readonly mounted:
    | { readonly source: string; readonly fstype: string; readonly options: readonly string[] }
    | undefined;
  /** the device behind `UUID=…`, `LABEL=…` or a link; the source itself where there is no such thing */
  readonly device: string;
}

/** Afterwards fstab has this entry, the only one for this path, and it is mounted; the folder is made. id = path */
export function mountPoint(
  path: string,
  { source, fstype, options = 'defaults' }: MountPointOptions,
): Resource<MountPointState> {
  const wish: FstabEntry = { source, target: absolutePath('mountPoint', path), fstype, options };
  return {
    kind: 'mountPoint',
    id: path,
    probe: { script: probeScript(wish), parse: (out) => parseMount(out.toString()) },
    diff: (state) => mountChanges(wish, state),
    apply: (host, changes, state) => mount(host, wish, changes, state),
  };
}

const tags: Readonly<Record<string, string>> = {
  UUID: 'by-uuid',
  LABEL: 'by-label',
  PARTUUID: 'by-partuuid',
  PARTLABEL: 'by-partlabel',
};

/** Source of the format: proc(5), /proc/self/mountinfo; the kernel writes blanks as `\040`. */
function probeScript({ source, target }: FstabEntry): Script {
  const [, tag = '', value = ''] = /^([A-Z]+)=(.*)$/.exec(source) ?? [];
  const folder = tags[tag];
  const device = folder === undefined ? source : `/dev/disk/${folder}/${value.replaceAll('"', '')}`;
  const escaped = target.replaceAll(/[ \t\n\\]/g, (each) => `\\${each.charCodeAt(0).toString(8).padStart(3, '0')}`);
  return sh`
case ${device} in /*) readlink -f ${device} 2>/dev/null ;; *) false ;; esac || printf '%s\n' ${device}
found=
want=${escaped}
while read -r _ _ _ _ target options rest; do
  [ "$target" = "$want" ] && found="$options \${rest#*- }"
done </proc/self/mountinfo
printf '%s\n' "$found"
cat /etc/fstab 2>/dev/null
exit 0`;
}

function parseMount(out: string): MountPointState {
  const [device = '', found = '', ...fstab] = out.split('\n');
  const [options = '', fstype = '', source = '', superOptions = ''] = found.split(' ');
  const mounted =
    found === '' ? undefined : { source, fstype, options: [...options.split(','), ...superOptions.split(',')] };
  return { device, mounted, fstab: fstab.join('\n') };
}

/** Options that are seen on a mounted file system under the very name that they are asked for. */
const visible: ReadonlySet<string> = new Set(['ro', 'noexec', 'nosuid', 'nodev', 'noatime']);

function mountChanges(wish: FstabEntry, state: MountPointState): readonly Change[] {
  const changes: Change[] = [];
  const after = withMount(state.fstab, wish);
  if (after !== state.fstab) {
    changes.push({ path: '/etc/fstab', to: `${wish.source} ${wish.options}`, text: { before: state.fstab, after } });
  }
  const { mounted } = state;
  if (mounted === undefined) changes.push({ path: 'mounted', to: wish.source });
  else if (isOther(wish, state)) changes.push({ path: 'mounted', from: mounted.source, to: wish.source });
  else {
    const lacking = wish.options.split(',').filter((each) => visible.has(each) && !mounted.options.includes(each));
    if (lacking.length > 0) changes.push({ path: 'options', from: mounted.options.join(','), to: lacking.join(',') });
  }
  return changes;
}

// A bind mount shows the device of the folder's file system, which tells nothing.
function isOther({ source, fstype, options }: FstabEntry, { mounted, device }: MountPointState): boolean {
  if (mounted === undefined || options.split(',').some((each) => each === 'bind' || each === 'rbind')) return false;
  const sameType = fstype === 'auto' || mounted.fstype === fstype;
  const isDevice = device.startsWith('/dev/');
  return !sameType || (isDevice && mounted.source !== device && mounted.source !== source);
}

async function mount(
  host: Writer,
  wish: FstabEntry,
  changes: readonly Change[],
  state: MountPointState,
): Promise<void> {
  const paths = new Set(changes.map(({ path }) => path));
  if (paths.has('mounted') && state.mounted !== undefined) {
    throw commandFailed(`${wish.target} is a mount point of ${state.mounted.source} (${state.mounted.fstype})`, {
      mend: `unmount it by hand when nothing of it is needed (umount ${wish.target}), then run again`,
      touched: false,
    });
  }
  if (paths.has('/etc/fstab')) {
    const content = withMount(state.fstab, wish);
    await atomicWrite(host, '/etc/fstab', { content, mode: 0o644, owner: 'root', group: 'root' });
  }
  // systemd would otherwise go on with the mount unit that it made of the old line.
  const script = sh`
if [ -d /run/systemd/system ]; then systemctl daemon-reload || exit; fi
${paths.has('mounted') ? sh`mkdir -p ${wish.target} && mount ${wish.target}` : sh``}
${paths.has('options') ? sh`mount -o ${`remount,${wish.options}`} ${wish.target}` : sh``}`;
  await host.run(script, { what: `mount ${wish.target}` });
}
