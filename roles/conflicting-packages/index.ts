import { pkgAbsent, type Resource, refused } from '../../lib/index.ts';

type PackageProbe = ReturnType<typeof pkgAbsent> extends Resource<infer State> ? State : never;

/**
 * None of these packages is installed; a host that has one is refused before anything on it is changed, also under
 * `--check`. They are not removed: what they run may be in use.
 */
export function noConflictingPackages(names: readonly string[], why: string): Resource<PackageProbe> {
  const gone = pkgAbsent(names);
  return {
    ...gone,
    kind: 'conflicts',
    diff(state, seen) {
      const found = gone.diff(state, seen).map(({ path, from }) => `${path} ${from}`);
      if (found.length === 0) return [];
      throw refused(`installed on this host: ${found.join(', ')}; ${why}`, {
        mend: `move what uses it away, then remove the package (dnf remove, apt-get purge), or leave this host out`,
      });
    },
  };
}
