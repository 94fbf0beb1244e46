import { lines, type Script, sh } from '../sh.ts';
import type { Probe } from './contract.ts';
import { excludesOf } from './dnf-excludes.ts';
import { findManager, managerOf, type PackageManager } from './package-manager.ts';

/** One package as the host's database has it. */
export interface InstalledPackage {
  readonly version: string;
  /** `installed`, or what a killed run left: `half-configured`, `unpacked`, … (dpkg(1), package states) */
  readonly status: string;
  readonly held: boolean;
  /** names that it can be asked for by, its own one first */
  readonly provides: readonly string[];
}

export interface PackageState {
  readonly manager: PackageManager;
  readonly packages: readonly InstalledPackage[];
}

/** dpkg's own states of a package whose files are not there. */
const gone = ['not-installed', 'config-files'];

/** Holds are read from dpkg's database and from dnf.conf(5): `apt-mark` and `dnf` take 20 to 500 times as long. */
export function packageProbe(names: readonly string[]): Probe<PackageState> {
  return { script: lines(findManager, query(names)), parse };
}

const query = (names: readonly string[]): Script => sh`
case $manager in
apt)
  dpkg-query -W -f '\${Package}\t\${db:Status-Want}\t\${db:Status-Status}\t\${Version}\n' -- ${names} 2>/dev/null
  [ $? -le 1 ];;
dnf)
  /usr/bin/rpm -q --whatprovides --qf '%{NAME}\t%{EVR}\t[%{PROVIDENAME} ]\n' -- ${names}
  echo '# dnf.conf'
  if [ -r /etc/dnf/dnf.conf ]; then cat /etc/dnf/dnf.conf; fi;;
esac`;

function parse(out: Buffer): PackageState {
  const text = out.toString();
  const manager = managerOf(text.split('\n', 1)[0]);
  return { manager, packages: manager === 'apt' ? parseDpkg(text) : parseRpm(text) };
}

function parseDpkg(text: string): readonly InstalledPackage[] {
  return text.split('\n').flatMap((line) => {
    const [name, want, status, version] = line.split('\t');
    if (name === undefined || status === undefined || version === undefined || gone.includes(status)) return [];
    // Triggers that wait for another package leave this one usable.
    return {
      version,
      status: status.startsWith('triggers-') ? 'installed' : status,
      held: want === 'hold',
      provides: [name],
    };
  });
}

function parseRpm(text: string): readonly InstalledPackage[] {
  const [list = '', configuration = ''] = text.split(/^# dnf\.conf\n/m);
  const isHeld = excludesOf(configuration);
  return list.split('\n').flatMap((line) => {
    const [name, version, provided] = line.split('\t');
    if (name === undefined || version === undefined || provided === undefined) return [];
    return { version, status: 'installed', held: isHeld(name), provides: [name, ...provided.trim().split(' ')] };
  });
}

/** The package that a name stands for. Only a wish without a version may be met by another package that provides it. */
export function packageNamed(state: PackageState, name: string, byProvides: boolean): InstalledPackage | undefined {
  const own = state.packages.find((each) => each.provides[0] === name);
  return own ?? (byProvides ? state.packages.find((each) => each.provides.includes(name)) : undefined);
}
