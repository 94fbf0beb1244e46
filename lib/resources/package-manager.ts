import { badInput, refused } from '../errors.ts';
import { type Script, sh } from '../sh.ts';

export type PackageManager = 'apt' | 'dnf';

/**
 * Prints `apt`, `dnf` or `none` as its first line and sets $manager. Debian's dpkg can be installed on RHEL (EPEL) and
 * RPM on Debian, so the one with a filled database of its own decides.
 */
export const findManager: Script = sh`
if [ -s /var/lib/dpkg/status ] && command -v apt-get >/dev/null; then manager=apt
elif command -v dnf >/dev/null; then manager=dnf
else manager=none; fi
echo "$manager"`;

/** @throws Refused when the host has neither. */
export function managerOf(word: string | undefined): PackageManager {
  if (word === 'apt' || word === 'dnf') return word;
  throw refused('this host has neither apt-get nor dnf', {
    mend: 'take a host of the Debian or of the RHEL family (dnf must be installed, microdnf is not enough)',
  });
}

/** What dpkg and RPM allow in a name, and nothing that dpkg-query or dnf would take as a pattern. */
export function packageNames(names: string | readonly string[]): readonly string[] {
  const list = typeof names === 'string' ? [names] : names;
  if (list.length === 0) throw badInput('no package is named');
  for (const name of list) {
    if (!/^[A-Za-z0-9][A-Za-z0-9+._-]*$/.test(name)) throw badInput(`not the name of a package: '${name}'`);
  }
  return [...new Set(list)];
}
