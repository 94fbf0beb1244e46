import { commandFailed } from '../errors.ts';
import { type Script, sh } from '../sh.ts';
import { atomicWrite } from './atomic-write.ts';
import type { CommandResult, Writer } from './contract.ts';
import { withExcludes } from './dnf-excludes.ts';
import { compareVersions, meetsPin } from './package-version.ts';
import { type PackageWish, packageMissing } from './package-wish.ts';

/** Seconds: a slow mirror is normal, a hung one is not. */
const longest = 1800;
/** dnf exits 1 both when it knows no such package and when a transaction fails; its text tells which. */
const okCodes = [0, 1];

const offered = (names: readonly string[]): Script =>
  sh`dnf -q -y repoquery --disableexcludes=all --qf '%{name}|%{evr}' -- ${names}`;

/**
 * One transaction for all. RPM packages start no service by themselves. Names that the operator excluded elsewhere stay
 * so, but an exact version or a hold is our own wish and goes before our own exclude.
 */
const install = (specs: readonly string[], wish: PackageWish): Script => {
  const own = wish.version !== undefined || wish.hold !== undefined;
  return sh`dnf -y --setopt=install_weak_deps=False ${own ? ['--disableexcludes=all'] : []} install -- ${specs}`;
};

/** `name-version-release` for every name. @throws PackageMissing naming what the repositories have instead */
function specsFor(names: readonly string[], pin: string, found: CommandResult): readonly string[] {
  const rows = found.stdout
    .toString()
    .split('\n')
    .map((row) => row.trim().split('|'));
  return names.map((name) => {
    const versions = [
      ...new Set(rows.flatMap(([of, version]) => (of === name && version !== undefined ? version : []))),
    ];
    versions.sort((a, b) => compareVersions(b, a));
    const version = versions.find((each) => meetsPin(each, pin));
    if (version === undefined) throw packageMissing(name, pin, versions, found.stderr.toString());
    return `${name}-${version}`;
  });
}

/** All names in one transaction. @throws PackageMissing, CommandFailed */
export async function dnfInstall(host: Writer, names: readonly string[], wish: PackageWish): Promise<void> {
  const specs = wish.version === undefined ? names : await resolve(host, names, wish.version);
  const what = `dnf install ${specs.join(' ')}`;
  const result = await host.run(install(specs, wish), { what, timeout: longest, okCodes });
  if (result.code !== 0) throw explain(result, what);
}

async function resolve(host: Writer, names: readonly string[], pin: string): Promise<readonly string[]> {
  const options = { what: 'dnf repoquery', timeout: longest };
  const known = await host.run(offered(names), { ...options, okCodes });
  try {
    return specsFor(names, pin, known);
  } catch {
    // dnf trusts its metadata for two days (dnf.conf(5), metadata_expire): the wanted version may be newer than that.
    const refreshed = await host.run(sh`dnf -q clean expire-cache; ${offered(names)}`, { ...options, okCodes });
    return specsFor(names, pin, refreshed);
  }
}

function explain(result: CommandResult, what: string): Error {
  const said = `${result.stderr.toString()}${result.stdout.toString()}`.trim();
  const missing = /^No match for argument: (\S+)/m.exec(said)?.[1];
  if (missing !== undefined) return packageMissing(missing, undefined, [], said);
  const excluded = /filtered out by exclude filtering for argument: (\S+)/.exec(said)?.[1];
  return commandFailed(`${what} failed (exit ${result.code})`, {
    ran: what,
    said,
    ...(excluded === undefined
      ? {}
      : { mend: `${excluded} is excluded by dnf.conf, by its repository or by dnf versionlock: allow it there` }),
  });
}

/** Packages that only these needed stay: removing them is nobody's wish. */
export async function dnfRemove(host: Writer, names: readonly string[]): Promise<void> {
  const script = sh`dnf -y --disableexcludes=all --setopt=clean_requirements_on_remove=False remove -- ${names}`;
  await host.run(script, { what: `dnf remove ${names.join(' ')}`, timeout: longest });
}

/** `[main]` of dnf.conf excludes the names, or does so no longer; needs no plugin, which a minimal RHEL lacks. */
export async function dnfHold(host: Writer, names: readonly string[], held: boolean): Promise<void> {
  const path = '/etc/dnf/dnf.conf';
  const what = `${held ? 'hold' : 'release'} ${names.join(' ')} in ${path}`;
  const before = await host.run(sh`if [ -e ${path} ]; then cat ${path}; fi`, { what });
  const content = withExcludes(before.stdout.toString(), names, held);
  await atomicWrite(host, path, { content, mode: 0o644, owner: 'root', group: 'root' });
}
