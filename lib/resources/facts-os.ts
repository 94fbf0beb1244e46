import { refused } from '../errors.ts';
import type { Facts, OsFamily } from './facts.ts';

/** What os-release(5) says, for the two families that are known here. @throws Refused on any other */
export function osOf(text: string): Facts['os'] {
  const values = parseOsRelease(text);
  const id = values.get('ID') ?? 'linux';
  const version = values.get('VERSION_ID') ?? '';
  return {
    family: familyOf([id, ...(values.get('ID_LIKE') ?? '').split(' ')], values.get('PRETTY_NAME') ?? id),
    id,
    version,
    major: Number(version.split('.')[0]),
    codename: values.get('VERSION_CODENAME'),
  };
}

/** Assignments as the shell reads them: quotes and backslashes removed, comments ignored. */
export function parseOsRelease(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, name, raw] = /^\s*([A-Z][A-Z0-9_]*)=(.*?)\s*$/.exec(line) ?? [];
    if (name === undefined || raw === undefined) continue;
    const inner = /^(["'])(.*)\1$/.exec(raw)?.[2] ?? raw;
    values.set(name, inner.replace(/\\(.)/g, '$1'));
  }
  return values;
}

const families: readonly (readonly [OsFamily, readonly string[]])[] = [
  ['rhel', ['rhel', 'centos', 'fedora', 'rocky', 'almalinux']],
  ['debian', ['debian', 'ubuntu']],
];

function familyOf(ids: readonly string[], name: string): OsFamily {
  const found = families.find(([, known]) => ids.some((id) => known.includes(id)))?.[0];
  if (found !== undefined) return found;
  throw refused(`this host runs ${name}, which is neither of the RHEL nor of the Debian family`, {
    mend: 'take Rocky, RHEL or AlmaLinux 9, or Debian 12',
  });
}
