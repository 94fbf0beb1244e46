import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { tempFolder } from '../../resources/harness.ts';

const cache = resolve(import.meta.dirname, '../../../node_modules/.cache/konverge-test');

/** The folder with containerd and ctr of Debian's package `containerd` (1.6 in Debian 12): installed, or unpacked once. */
export function realContainerd(): string {
  if (existsSync('/usr/bin/containerd')) return '/usr/bin';
  const kept = join(cache, 'containerd');
  if (!existsSync(kept)) unpackInto(kept);
  return join(kept, 'usr/bin');
}

function unpackInto(kept: string): void {
  mkdirSync(cache, { recursive: true });
  const scratch = mkdtempSync(join(cache, 'unpacking-'));
  try {
    const download = () => spawnSync('apt-get', ['-qq', 'download', 'containerd'], { cwd: scratch });
    // A fresh container has no package lists yet.
    if (download().status !== 0) {
      execFileSync('apt-get', ['-qq', 'update'], { stdio: 'ignore' });
      if (download().status !== 0) throw new Error("this test needs Debian's package containerd: apt-get install it");
    }
    const [deb = ''] = readdirSync(scratch);
    execFileSync('dpkg-deb', ['-x', join(scratch, deb), join(scratch, 'containerd')]);
    try {
      renameSync(join(scratch, 'containerd'), kept);
    } catch (error) {
      // Another test file was faster.
      if (!existsSync(kept)) throw error;
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The configuration that containerd makes of this file, as TOML. @throws when it refuses the file */
export async function effectiveConfig(config: string): Promise<string> {
  const file = join(await tempFolder(), 'config.toml');
  writeFileSync(file, config);
  const { status, stdout, stderr } = spawnSync(join(realContainerd(), 'containerd'), ['-c', file, 'config', 'dump']);
  if (status !== 0) throw new Error(stderr.toString());
  return stdout.toString();
}

/** A running containerd with this configuration. @returns what `ctr` prints when it is asked this */
export async function daemon(config: string): Promise<(...words: readonly string[]) => Promise<string>> {
  const folder = await tempFolder();
  writeFileSync(join(folder, 'config.toml'), config);
  const socket = join(folder, 'socket');
  const places = ['--root', join(folder, 'root'), '--state', join(folder, 'state'), '--address', socket];
  const child = spawn(join(realContainerd(), 'containerd'), ['-c', join(folder, 'config.toml'), ...places], {
    stdio: 'ignore',
  });
  const ended = new Promise((done) => child.once('exit', done));
  onTestFinished(async () => {
    child.kill();
    await ended;
  });
  for (let tries = 0; tries < 100 && !existsSync(socket); tries += 1) await setTimeout(50);
  return (...words) => ask(join(realContainerd(), 'ctr'), ['--address', socket, ...words]);
}

// Not spawnSync: the registries that containerd asks may live in this process.
function ask(program: string, args: readonly string[]): Promise<string> {
  return new Promise((done, fail) => {
    const child = spawn(program, args);
    const said: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => said.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
    child.once('error', fail);
    child.once('close', () => done(Buffer.concat(said).toString()));
  });
}
