import { refused } from '../errors.ts';
import { aptHold, aptInstall, aptRemove } from './apt.ts';
import type { Change, Resource, Writer } from './contract.ts';
import { dnfHold, dnfInstall, dnfRemove } from './dnf.ts';
import { packageNames } from './package-manager.ts';
import { type InstalledPackage, type PackageState, packageNamed, packageProbe } from './package-state.ts';
import { isDowngrade, meetsPin } from './package-version.ts';
import type { PackageWish } from './package-wish.ts';

export type { PackageWish } from './package-wish.ts';

/**
 * The packages are installed (at this version, held); the host's own apt or dnf does it, in one transaction, without
 * recommended extras. Services that did not run before are not started by it. Without a version any installed one will
 * do, and on RHEL (unless held) a package that provides the name (`iptables-nft` for `iptables`) too.
 * @throws PackageMissing when no repository has it; Refused when it would be a downgrade and `allowDowngrade` is not set
 */
export function pkg(names: string | readonly string[], wish: PackageWish = {}): Resource<PackageState> {
  const all = packageNames(names);
  return {
    kind: 'pkg',
    id: all.join(' '),
    probe: packageProbe(all),
    diff: (state) => [
      ...all.flatMap((name) => versionChange(name, find(state, name, wish), wish)),
      ...all.flatMap((name) => holdChange(name, find(state, name, wish), wish)),
    ],
    apply: (host, _changes, state) => install(host, all, wish, state),
  };
}

/** None of these packages is installed. Their configuration files and what they depend on stay. */
export function pkgAbsent(names: string | readonly string[]): Resource<PackageState> {
  const all = packageNames(names);
  return {
    kind: 'pkgAbsent',
    id: all.join(' '),
    probe: packageProbe(all),
    diff: (state) =>
      all.flatMap((name) => {
        const found = packageNamed(state, name, false);
        return found === undefined ? [] : [{ path: name, from: found.version }];
      }),
    apply: async (host, changes, { manager }) => {
      const present = changes.map(({ path }) => path);
      await (manager === 'apt' ? aptRemove(host, present) : dnfRemove(host, present));
    },
  };
}

const find = (state: PackageState, name: string, wish: PackageWish): InstalledPackage | undefined =>
  packageNamed(state, name, wish.version === undefined && wish.hold === undefined);

function versionChange(name: string, found: InstalledPackage | undefined, { version }: PackageWish): readonly Change[] {
  const to = version ?? 'installed';
  if (found === undefined) return [{ path: name, to }];
  if (found.status !== 'installed') return [{ path: name, from: `${found.version} ${found.status}`, to }];
  if (version === undefined || meetsPin(found.version, version)) return [];
  return [{ path: name, from: found.version, to: isDowngrade(found.version, version) ? `${to} (older)` : to }];
}

function holdChange(name: string, found: InstalledPackage | undefined, { hold }: PackageWish): readonly Change[] {
  const held = found?.held ?? false;
  if (hold === undefined || held === hold) return [];
  return [{ path: `${name} held`, from: held ? 'yes' : 'no', to: hold ? 'yes' : 'no' }];
}

async function install(host: Writer, names: readonly string[], wish: PackageWish, state: PackageState): Promise<void> {
  const { manager } = state;
  refuseDowngrade(names, wish, state);
  const differing = names.filter((name) => versionChange(name, find(state, name, wish), wish).length > 0);
  // All of them, so that packages which require each other's versions move together.
  const together = wish.version === undefined ? differing : names;
  if (differing.length > 0) {
    await (manager === 'apt' ? aptInstall(host, together, wish) : dnfInstall(host, together, wish));
  }
  if (wish.hold !== undefined) await (manager === 'apt' ? aptHold : dnfHold)(host, names, wish.hold);
}

function refuseDowngrade(names: readonly string[], wish: PackageWish, state: PackageState): void {
  const { version } = wish;
  if (version === undefined || wish.allowDowngrade === true) return;
  for (const name of names) {
    const installed = packageNamed(state, name, false)?.version;
    if (installed === undefined || !isDowngrade(installed, version)) continue;
    throw refused(`${name} ${installed} is installed, which is newer than the wished ${version}`, {
      mend: `wish for ${installed}, or set allowDowngrade where this package is wished for`,
    });
  }
}
