import { lines, type Script, sh } from '../sh.ts';
import type { Writer } from './contract.ts';
import { compareVersions, meetsPin } from './package-version.ts';
import { type PackageWish, packageMissing } from './package-wish.ts';

/** Seconds: a slow mirror is normal, a hung one is not. */
const longest = 1800;

/**
 * Everything that apt and dpkg do below this runs without questions, keeps the operator's configuration files, waits
 * for another apt, and starts no service that did not run: maintainer scripts reach systemd only through the systemctl
 * that they find on PATH (deb-systemd-invoke, invoke-rc.d), and for them that is this one. It lives on PATH of this
 * transaction alone, so unlike a policy-rc.d it can never outlive the run, and daemon-reload and enable still work.
 */
const surroundings: Script = sh`
export DEBIAN_FRONTEND=noninteractive APT_LISTCHANGES_FRONTEND=none NEEDRESTART_SUSPEND=1 UCF_FORCE_CONFFOLD=1
box=/var/lib/konverge/no-start
mkdir -p "$box" && cat >"$box/systemctl" <<'END' && chmod 755 "$box/systemctl" || exit 1
#!/bin/sh
# Used by konverge while it installs packages: what did not run before is not started.
PATH=\${PATH#*no-start:}
for word; do
  case $word in
    start) exit 0;;
    restart) verb=restart;;
  esac
done
if [ "\${verb-}" = restart ]; then
  for word; do
    shift
    if [ "$word" = restart ]; then word=try-restart; fi
    set -- "$@" "$word"
  done
fi
exec systemctl "$@"
END
export PATH="$box:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
apt() {
  apt-get -q -y -o DPkg::Path="$PATH" -o DPkg::Lock::Timeout=120 -o Acquire::Retries=3 \
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold --no-install-recommends "$@"
}`;

/**
 * Defines `refresh`, which is `apt-get update` with these options more: it has no lock timeout of its own, so it is tried
 * again for two minutes while another one runs; a repository that cannot be read fails it.
 */
export const defineRefresh: Script = sh`
refresh() {
  attempt=0
  while :; do
    said=$(apt-get -q -o Acquire::Retries=3 -o APT::Update::Error-Mode=any "$@" update 2>&1)
    code=$?
    case $said in *'Could not get lock'*) attempt=$((attempt + 1)); [ $attempt -lt 24 ] && sleep 5 && continue;; esac
    break
  done
  printf '%s\n' "$said" >&2
  return $code
}`;

/** Finishes what a killed run left half done; prints what the repositories offer. */
const offered = (names: readonly string[]): Script => sh`
/usr/bin/dpkg --configure -a --force-confdef --force-confold >&2 || exit 1
apt-cache madison -- ${names}`;

const install = (specs: readonly string[], options: readonly string[]): Script => sh`
apt install ${options} --download-only -- ${specs} || refresh
apt install ${options} -- ${specs}`;

/** `name | version | source`, the newest first (apt-cache(8), madison). */
export function parseMadison(out: string): ReadonlyMap<string, readonly string[]> {
  const versions = new Map<string, string[]>();
  for (const line of out.split('\n')) {
    const [name, version] = line.split('|').map((cell) => cell.trim());
    if (name === undefined || version === undefined) continue;
    versions.set(name, [...(versions.get(name) ?? []), version]);
  }
  return versions;
}

/** `name=version` for every name, exact. @throws PackageMissing naming what the repositories have instead */
function specsFor(names: readonly string[], wish: PackageWish, out: string, said = ''): readonly string[] {
  const offers = parseMadison(out);
  return names.map((name) => {
    const versions = (offers.get(name) ?? []).toSorted((a, b) => compareVersions(b, a));
    const pin = wish.version;
    const version = pin === undefined ? versions[0] : versions.find((each) => meetsPin(each, pin));
    if (version === undefined) throw packageMissing(name, pin, versions, said);
    return pin === undefined ? name : `${name}=${version}`;
  });
}

/** All names in one transaction. @throws PackageMissing, CommandFailed */
export async function aptInstall(host: Writer, names: readonly string[], wish: PackageWish): Promise<void> {
  const specs = await resolve(host, names, wish);
  const options = ['--allow-change-held-packages', ...(wish.allowDowngrade === true ? ['--allow-downgrades'] : [])];
  const what = `apt-get install ${specs.join(' ')}`;
  await host.run(lines(surroundings, defineRefresh, install(specs, options)), { what, timeout: longest });
}

async function resolve(host: Writer, names: readonly string[], wish: PackageWish): Promise<readonly string[]> {
  const known = await host.run(lines(surroundings, offered(names)), { what: 'dpkg --configure -a', timeout: longest });
  try {
    return specsFor(names, wish, known.stdout.toString());
  } catch {
    // Not known here may only mean that the lists are old or were never fetched.
    const options = { what: 'apt-get update', timeout: longest };
    const updated = await host.run(lines(defineRefresh, sh`refresh; apt-cache madison -- ${names}`), options);
    return specsFor(names, wish, updated.stdout.toString(), updated.stderr.toString());
  }
}

export async function aptRemove(host: Writer, names: readonly string[]): Promise<void> {
  const remove = sh`
/usr/bin/dpkg --configure -a --force-confdef --force-confold || exit 1
apt remove --allow-change-held-packages -- ${names}`;
  await host.run(lines(surroundings, remove), { what: `apt-get remove ${names.join(' ')}`, timeout: longest });
}

export async function aptHold(host: Writer, names: readonly string[], held: boolean): Promise<void> {
  const verb = held ? 'hold' : 'unhold';
  await host.run(sh`apt-mark ${verb} -- ${names}`, { what: `apt-mark ${verb} ${names.join(' ')}` });
}
