import { badInput, refused } from '../errors.ts';
import { lines, type Script, sh } from '../sh.ts';
import type { Change, Probe, Resource } from './contract.ts';
import { findManager, managerOf, type PackageManager } from './package-manager.ts';
import { configureRepository } from './repo-apply.ts';
import { type AptRepository, type DnfRepository, type Layout, layoutOf } from './repo-definition.ts';
import { checkKey, keyChange } from './repo-key.ts';

export type { AptRepository, DnfRepository } from './repo-definition.ts';
export type { RepositoryKey } from './repo-key.ts';

export interface PackageRepoOptions {
  readonly deb?: AptRepository;
  readonly rpm?: DnfRepository;
}

export interface PackageRepoState {
  readonly manager: PackageManager;
  /** metadata of exactly this repository is in the package manager's cache */
  readonly fetched: boolean;
  readonly definition: Buffer | undefined;
  readonly key: Buffer | undefined;
}

/**
 * The host's package manager knows this repository, trusts it by this key alone, and has its metadata. The definition
 * takes effect only after the repository was read and its signature found good, so a bad one never breaks the host's
 * other repositories. Metadata is fetched again only when something here changed or when there is none.
 * @throws Refused on a host whose package manager is not described
 */
export function packageRepo(name: string, options: PackageRepoOptions): Resource<PackageRepoState> {
  checkOptions(name, options);
  const layouts = { apt: layoutOf(name, 'apt', options), dnf: layoutOf(name, 'dnf', options) };
  const fitting = (manager: PackageManager): Layout => {
    const layout = layouts[manager];
    if (layout !== undefined) return layout;
    throw refused(`package repository ${name}: this host has ${manager}, and nothing is said for it`, {
      mend: `describe the repository under \`${manager === 'apt' ? 'deb' : 'rpm'}\``,
    });
  };
  return {
    kind: 'packageRepo',
    id: name,
    probe: repoProbe(layouts),
    diff: (state) => differences(state, fitting(state.manager)),
    apply: (host, _changes, { manager }) => configureRepository(host, name, fitting(manager)),
  };
}

function checkOptions(name: string, { deb, rpm }: PackageRepoOptions): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) throw badInput(`not the name of a package repository: '${name}'`);
  if (deb === undefined && rpm === undefined)
    throw badInput(`package repository ${name}: neither deb nor rpm is given`);
  for (const each of [deb, rpm]) if (each !== undefined) checkKey(name, each.key);
}

function differences(state: PackageRepoState, layout: Layout): readonly Change[] {
  const before = state.definition?.toString();
  const after = layout.definition(layout.keyPath);
  const changes: Change[] = [];
  if (before !== after) {
    changes.push({
      path: 'definition',
      ...(before === undefined ? {} : { from: 'another one' }),
      to: layout.path,
      text: { before: before ?? '', after },
    });
  }
  changes.push(...keyChange(layout.key, state.key));
  if (changes.length === 0 && !state.fetched) changes.push({ path: 'metadata', from: 'never fetched', to: 'current' });
  return changes;
}

interface Layouts {
  readonly apt: Layout | undefined;
  readonly dnf: Layout | undefined;
}

const repoProbe = ({ apt, dnf }: Layouts): Probe<PackageRepoState> => ({
  script: lines(
    findManager,
    sh`
emit() { if [ -f "$1" ]; then wc -c <"$1"; cat "$1"; else echo absent; fi; }
look() { definition=$1 key=$2; shift 2; for each; do [ -s "$each" ] && fetched=yes; done; }
fetched=no definition= key=
case $manager in
apt) ${lookAt(apt)} ;;
dnf) ${lookAt(dnf)} ;;
esac
echo "$fetched"; emit "$definition"; emit "$key"`,
  ),
  parse(out) {
    const cursor = reader(out);
    return {
      manager: managerOf(cursor.line()),
      fetched: cursor.line() === 'yes',
      definition: cursor.blob(),
      key: cursor.blob(),
    };
  },
});

const lookAt = (layout: Layout | undefined): Script =>
  layout === undefined ? sh`:` : sh`look ${layout.path} ${layout.keyPath} ${layout.metadata}`;

/** Lines, and byte strings that follow their length. */
function reader(out: Buffer): { line(): string; blob(): Buffer | undefined } {
  let at = 0;
  const line = (): string => {
    const end = out.indexOf('\n', at);
    const text = out.toString('utf8', at, end);
    at = end + 1;
    return text.trim();
  };
  const blob = (): Buffer | undefined => {
    const size = line();
    if (size === 'absent') return undefined;
    at += Number(size);
    return out.subarray(at - Number(size), at);
  };
  return { line, blob };
}
