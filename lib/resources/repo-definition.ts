import { badInput } from '../errors.ts';
import { type Script, sh } from '../sh.ts';
import type { PackageManager } from './package-manager.ts';
import type { RepositoryKey } from './repo-key.ts';

/** sources.list(5) */
export interface AptRepository {
  readonly uri: string;
  /** a release (`bookworm`), or a folder ending in `/` for a flat repository */
  readonly suite: string;
  /** `main` …; none for a flat repository */
  readonly components?: readonly string[];
  readonly key: RepositoryKey;
}

/** dnf.conf(5), repository options */
export interface DnfRepository {
  readonly baseurl: string;
  readonly key: RepositoryKey;
  /** packages that this repository never offers */
  readonly exclude?: readonly string[];
  /** repomd.xml itself is signed too; default false */
  readonly repoGpgcheck?: boolean;
}

/** Where one package manager keeps what belongs to one repository. */
export interface Layout {
  readonly manager: PackageManager;
  readonly path: string;
  readonly keyPath: string;
  readonly key: RepositoryKey;
  /** shell words, globs allowed, one of which is a file as soon as metadata was fetched */
  readonly metadata: Script;
  /** the text of `path` when the key is at `keyPath` */
  definition(keyPath: string): string;
}

export function layoutOf(
  name: string,
  manager: PackageManager,
  { deb, rpm }: { readonly deb?: AptRepository; readonly rpm?: DnfRepository },
): Layout | undefined {
  if (manager === 'apt') return deb === undefined ? undefined : aptLayout(name, deb);
  return rpm === undefined ? undefined : dnfLayout(name, rpm);
}

const head = 'Written by konverge: changes made by hand do not last.';

function aptLayout(name: string, repository: AptRepository): Layout {
  const { uri, suite, components = [], key } = repository;
  const flat = suite.endsWith('/');
  if (flat === components.length > 0) {
    throw badInput(
      `package repository ${name}: a suite that ends in '/' has no components, any other has some (sources.list(5))`,
    );
  }
  oneLine(name, uri, suite, ...components);
  const prefix = listPrefix(uri, suite);
  return {
    manager: 'apt',
    path: `/etc/apt/sources.list.d/${name}.sources`,
    keyPath: `/etc/apt/keyrings/${name}.asc`,
    key,
    metadata: sh`${`${prefix}InRelease`} ${`${prefix}Release`}`,
    definition: (keyPath) =>
      text([
        `# ${head}`,
        ...keyOrigin(key),
        'Types: deb',
        `URIs: ${uri}`,
        `Suites: ${suite}`,
        ...(flat ? [] : [`Components: ${components.join(' ')}`]),
        `Signed-By: ${keyPath}`,
      ]),
  };
}

/** The names of apt's list files: the URI without its scheme, some characters escaped, `/` as `_` (URItoFileName). */
export function listPrefix(uri: string, suite: string): string {
  const base = uri.replace(/^[a-z+]+:(?:\/\/)?/, '').replace(/\/*$/, '/');
  const folder = suite === '/' ? base : suite.endsWith('/') ? `${base}${suite}` : `${base}dists/${suite}/`;
  const escaped = folder.replace(/[\\|{}[\]<>"^~_=!@#$%&*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  return `/var/lib/apt/lists/${escaped.replaceAll('/', '_')}`;
}

function dnfLayout(name: string, { baseurl, key, exclude = [], repoGpgcheck = false }: DnfRepository): Layout {
  oneLine(name, baseurl, ...exclude);
  return {
    manager: 'dnf',
    path: `/etc/yum.repos.d/${name}.repo`,
    keyPath: `/etc/pki/rpm-gpg/RPM-GPG-KEY-${name}`,
    key,
    // dnf adds a hash of the address to the name, so metadata of an older address is not mistaken for this one's.
    metadata: sh`/var/cache/dnf/${name}-????????????????/repodata/repomd.xml`,
    definition: (keyPath) =>
      text([
        `# ${head}`,
        ...keyOrigin(key),
        `[${name}]`,
        `name=${name}`,
        `baseurl=${baseurl}`,
        'enabled=1',
        'gpgcheck=1',
        `repo_gpgcheck=${repoGpgcheck ? 1 : 0}`,
        `gpgkey=file://${keyPath}`,
        ...(exclude.length === 0 ? [] : [`excludepkgs=${exclude.join(' ')}`]),
      ]),
  };
}

/** A key that comes from elsewhere now makes another definition, hence a change. */
const keyOrigin = (key: RepositoryKey): readonly string[] => ('url' in key ? [`# key: ${key.url}`] : []);

const text = (rows: readonly string[]): string => `${rows.join('\n')}\n`;

function oneLine(name: string, ...values: readonly string[]): void {
  const odd = values.find((value) => value === '' || /\s/.test(value));
  if (odd !== undefined) throw badInput(`package repository ${name}: '${odd}' is empty or has blanks in it`);
}
