import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from '../resources/harness.ts';
import { shellProgram } from './release.ts';

const targets = '/lib/systemd/system';

/** What systemd-analyze(1) says of these units on a root where their programs exist; '' = nothing to complain about. */
export async function complaintsAbout(
  units: Readonly<Record<string, string>>,
  programs: readonly string[],
): Promise<string> {
  const root = await tempFolder();
  for (const folder of ['etc/systemd/system', 'usr/lib/systemd/system', 'usr/local/bin']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  for (const name of readdirSync(targets).filter((each) => each.endsWith('.target'))) {
    cpSync(join(targets, name), join(root, 'usr/lib/systemd/system', name), { verbatimSymlinks: true });
  }
  for (const program of programs) {
    writeFileSync(join(root, program), shellProgram(':'));
    chmodSync(join(root, program), 0o755);
  }
  for (const [name, content] of Object.entries(units)) writeFileSync(join(root, 'etc/systemd/system', name), content);
  const args = ['verify', '--man=no', '--recursive-errors=no', `--root=${root}`, ...Object.keys(units)];
  const { status, stderr, error } = spawnSync('systemd-analyze', args);
  if (error !== undefined)
    throw new Error('this test needs systemd-analyze: apt-get install systemd', { cause: error });
  return `${stderr.toString()}${status === 0 ? '' : `exit ${status}`}`.replaceAll(root, '').trim();
}
