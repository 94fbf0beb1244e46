import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { startLocally } from '../../lib/connection/local-link.ts';
import { type Shell as Starter, shellOn } from '../../lib/connection/shell.ts';
import { commandFailed, probeFailed } from '../../lib/errors.ts';
import type { AnyResource, Change, CommandResult, Resource, Seen, Writer } from '../../lib/resources/contract.ts';
import { isSecret, reveal } from '../../lib/secret.ts';
import { lines, type Script, sh } from '../../lib/sh.ts';

/** Every shell that a target's `/bin/sh` may be. */
export const shells = ['dash', 'bash --posix', 'busybox sh'] as const;
export type Shell = (typeof shells)[number];

export interface Surroundings {
  /** folders searched before the system's, for stand-ins of `systemctl`, `apt-get` … */
  readonly path?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** words put before the shell: `['unshare', '-m']` */
  readonly wrap?: readonly string[];
}

const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Runs a script as a session would: cwd `/`, LC_ALL=C, no `set -e`, stdin empty unless given. Never throws on exit codes. */
export async function runOn(
  shell: Shell,
  script: Script,
  { path = [], env = {}, wrap = [] }: Surroundings = {},
  stdin: Buffer | string = '',
): Promise<CommandResult> {
  const words = [...wrap, ...shell.split(' ')];
  const variables = Object.entries({ LC_ALL: 'C', HOME: '/root', PATH: [...path, systemPath].join(':'), ...env });
  const exports = lines(...variables.map(([name, value]) => sh`export ${`${name}=${value}`}`));
  // One argument of exec is limited to 128 KiB.
  if (script.text.length < 100_000) return started(lines(exports, sh`exec ${words} -c ${script.text}`), stdin);
  const folder = await mkdtemp(join(tmpdir(), 'konverge-script-'));
  try {
    await writeFile(join(folder, 'script'), script.text);
    return await started(lines(exports, sh`exec ${words} ${join(folder, 'script')}`), stdin);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const idle: Starter[] = [];

/** By a small shell, as `runProgram` does: to fork a process of the size of a test's takes longer than most scripts. */
async function started(script: Script, stdin: Buffer | string): Promise<CommandResult> {
  const starter = idle.pop() ?? newStarter();
  const [result] = await starter.run({
    scripts: [script.text],
    ...(stdin.length > 0 ? { stdin: Buffer.from(stdin) } : {}),
  });
  if (starter.alive) idle.push(starter);
  if (result === undefined) throw new Error('the shell that starts scripts gave no answer');
  return result;
}

function newStarter(): Starter {
  const pipe = startLocally('cd / && exec env -i sh');
  pipe.awaited(false);
  return shellOn(pipe, { id: 'starter', uid: 0, maxOutput: 16 * 1024 * 1024 });
}

/** What the resource's own probe says, really run. @throws ProbeFailed as the engine would */
export async function probeOn<State>(
  shell: Shell,
  resource: Resource<State, unknown>,
  surroundings?: Surroundings,
): Promise<State> {
  const result = await runOn(shell, resource.probe.script, surroundings);
  if (result.code !== 0) {
    throw probeFailed(`exit ${result.code}: ${result.stderr.toString()}`, { ran: resource.probe.script.text });
  }
  return resource.probe.parse(result.stdout);
}

/** A Writer whose host is this machine: scripts really run. `ran` holds them all, in order. */
export interface LocalWriter extends Writer {
  readonly ran: readonly Script[];
}

export function localWriter(shell: Shell = 'dash', surroundings?: Surroundings): LocalWriter {
  const ran: Script[] = [];
  return {
    host: 'local',
    ran,
    async run(script, { stdin = '', okCodes = [0], what = 'the script' } = {}) {
      ran.push(script);
      const result = await runOn(shell, script, surroundings, isSecret<string>(stdin) ? reveal(stdin) : stdin);
      if (okCodes.includes(result.code)) return result;
      throw commandFailed(`${what} failed (exit ${result.code})`, {
        ran: script.text,
        said: result.stderr.toString(),
      });
    },
    upload: (localPath, remotePath) => copyFile(localPath, remotePath),
  };
}

export const nothingChanged: Seen = { changed: () => false };
export const changedOnly = (...changed: readonly AnyResource[]): Seen => ({
  changed: (each) => changed.includes(each),
});

/** probe → diff → apply → probe, as `ensure` does. Returns the first diff. @throws when the second one is not empty */
export async function converge<State>(
  shell: Shell,
  resource: Resource<State, unknown>,
  { seen = nothingChanged, ...surroundings }: Surroundings & { seen?: Seen } = {},
): Promise<readonly Change[]> {
  const state = await probeOn(shell, resource, surroundings);
  const changes = resource.diff(state, seen);
  if (changes.length === 0) return changes;
  await resource.apply(localWriter(shell, surroundings), changes, state);
  const left = resource.diff(await probeOn(shell, resource, surroundings), seen);
  if (left.length > 0) throw new Error(`${resource.kind} ${resource.id} did not converge: ${JSON.stringify(left)}`);
  return changes;
}

/** A folder of this test's own, gone afterwards. */
export async function tempFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'konverge-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
