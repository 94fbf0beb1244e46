import { execFile } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface FakePackage {
  readonly name: string;
  readonly version: string;
  readonly depends?: readonly string[];
  readonly provides?: readonly string[];
  /** its maintainer script starts NAME.service, as debhelper's does */
  readonly service?: boolean;
}

/** A flat apt repository, the layout of pkgs.k8s.io, unsigned. @returns its folder */
export async function debRepository(folder: string, packages: readonly FakePackage[]): Promise<string> {
  const repo = join(folder, 'deb');
  for (const each of packages) {
    const root = join(folder, 'build', `${each.name}_${each.version}`);
    await mkdir(join(root, 'DEBIAN'), { recursive: true });
    await mkdir(join(root, 'etc'), { recursive: true });
    await writeFile(join(root, 'DEBIAN/control'), control(each));
    await writeFile(join(root, 'DEBIAN/conffiles'), `/etc/${each.name}.conf\n`);
    await writeFile(join(root, `etc/${each.name}.conf`), `from ${each.version}\n`);
    await writeFile(join(root, 'DEBIAN/postinst'), each.service === true ? postinst(each.name) : '#!/bin/sh\n', {
      mode: 0o755,
    });
    await mkdir(repo, { recursive: true });
    await run('dpkg-deb', ['-Znone', '--build', '--root-owner-group', root, repo]);
  }
  await indexDeb(repo);
  // apt reads it as _apt.
  await chmod(folder, 0o755);
  return repo;
}

export async function indexDeb(repo: string): Promise<void> {
  const { stdout } = await run('apt-ftparchive', ['packages', '.'], { cwd: repo });
  await writeFile(join(repo, 'Packages'), stdout);
  const release = await run('apt-ftparchive', ['release', '.'], { cwd: repo });
  await writeFile(join(repo, 'Release'), release.stdout);
}

const control = ({ name, version, depends = [], provides = [] }: FakePackage): string =>
  [
    `Package: ${name}`,
    `Version: ${version}`,
    'Architecture: all',
    'Maintainer: nobody <nobody@example.org>',
    ...(depends.length > 0 ? [`Depends: ${depends.join(', ')}`] : []),
    ...(provides.length > 0 ? [`Provides: ${provides.join(', ')}`] : []),
    'Description: made for a test',
    '',
  ].join('\n');

const postinst = (name: string): string => `#!/bin/sh
set -e
if [ "$1" = configure ] && [ -d /run/systemd/system ]; then
  systemctl --system daemon-reload
  if [ -n "$2" ]; then action=restart; else action=start; fi
  deb-systemd-invoke $action ${name}.service
fi
`;

/** A dnf repository. @returns its folder */
export async function rpmRepository(folder: string, packages: readonly FakePackage[]): Promise<string> {
  const repo = join(folder, 'rpm');
  await mkdir(repo, { recursive: true });
  await Promise.all(
    packages.map(async (each) => {
      const spec = join(folder, `${each.name}-${each.version}.spec`);
      await writeFile(spec, specFile(each));
      await run('rpmbuild', [
        '-bb',
        '--define',
        `_topdir ${folder}/top-${each.name}-${each.version}`,
        '--define',
        `_rpmdir ${repo}`,
        spec,
      ]);
    }),
  );
  await run('createrepo_c', ['-q', repo]);
  return repo;
}

/** `1.29.6-150500.1.1` is version and release. */
function specFile({ name, version, depends = [], provides = [] }: FakePackage): string {
  const [upstream = '', release = '1'] = version.split('-');
  return [
    `Name: ${name}`,
    `Version: ${upstream}`,
    `Release: ${release}`,
    'Summary: made for a test',
    'License: none',
    'BuildArch: noarch',
    ...depends.map((each) => `Requires: ${each}`),
    ...provides.map((each) => `Provides: ${each}`),
    '%description',
    'made for a test',
    '%files',
    '',
  ].join('\n');
}
