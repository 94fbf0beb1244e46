import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Surroundings } from './harness.ts';

/**
 * A machine of this test's own as far as /etc and /var/lib go: all its scripts and daemons run in one mount namespace where
 * these are writable layers over the real ones, gone after the test.
 */
export interface Sandbox {
  readonly surroundings: Surroundings;
  /** Writes a file of the layer (`/etc/fstab`). */
  put(path: string, content: string, mode?: number): Promise<void>;
  /** What the sandbox has at the path; undefined = not written in it. */
  get(path: string): Promise<string | undefined>;
  /** Puts a program before the system's: a stand-in of `systemctl`, `swapoff` … */
  standIn(name: string, script: string): Promise<void>;
  /** Folder for what stand-ins remember; `$MEMORY` in them. */
  readonly memory: string;
  /** Before the end of the test: no script can be run in it any more. */
  readonly end: () => void;
}

export interface SandboxOptions {
  /** path in the sandbox → content of a file that is bind-mounted there */
  readonly mounted?: Readonly<Record<string, string>>;
  /** paths of tmpfs-like folders that hide the real ones: `/proc/sys` */
  readonly folders?: readonly string[];
  /** more folders that are writable layers over the real ones */
  readonly layers?: readonly string[];
  /** one of `folders`, mounted read-only */
  readonly readOnly?: string;
  /** a hostname of its own as well */
  readonly uts?: boolean;
}

/** In memory: unmounting a layer syncs its file system. */
async function rootFolder(): Promise<string> {
  const root = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'konverge-test-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  return root;
}

export async function sandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { mounted = {}, folders = [], layers = [], readOnly, uts = false } = options;
  const root = await rootFolder();
  const inside = (path: string): string => join(root, 'upper', path);
  const memory = join(root, 'memory');
  const bin = join(root, 'bin');
  await Promise.all([memory, bin].map((each) => mkdir(each)));
  const mounts: string[] = [];
  for (const layer of ['/etc', '/var/lib', ...layers]) {
    await mkdir(inside(layer), { recursive: true });
    await mkdir(join(root, 'work', layer), { recursive: true });
    const layered = `lowerdir=${layer},upperdir=${inside(layer)},workdir=${join(root, 'work', layer)}`;
    mounts.push(`mount -t overlay -o ${layered} overlay ${layer}`);
  }
  for (const [path, content] of Object.entries(mounted)) {
    await mkdir(dirname(inside(path)), { recursive: true });
    await writeFile(join(memory, path.replaceAll('/', '_')), content);
    mounts.push(`mount --bind ${join(memory, path.replaceAll('/', '_'))} ${path}`);
  }
  for (const path of folders) {
    await mkdir(inside(path), { recursive: true });
    mounts.push(`mount --bind ${inside(path)} ${path}`);
  }
  if (readOnly !== undefined) mounts.push(`mount -o remount,bind,ro ${readOnly}`);
  const { pid, end } = await held(mounts, uts);
  // What lies below a layer is not to be changed behind its back: through the eyes of the one that holds it.
  const seen = (path: string): string =>
    folders.some((each) => path.startsWith(`${each}/`)) ? inside(path) : `/proc/${pid}/root${path}`;
  return {
    memory,
    surroundings: { path: [bin], env: { MEMORY: memory }, wrap: ['nsenter', ...entrances(pid, uts)] },
    end,
    async put(path, content, mode = 0o644) {
      await mkdir(dirname(seen(path)), { recursive: true });
      await writeFile(seen(path), content);
      await chmod(seen(path), mode);
    },
    async get(path) {
      const at = path in mounted ? join(memory, path.replaceAll('/', '_')) : inside(path);
      return readFile(at, 'utf8').catch(() => undefined);
    },
    async standIn(name, script) {
      await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    },
  };
}

const isRoot = process.getuid?.() === 0;

/** Words of nsenter(1). */
const entrances = (pid: number, uts: boolean): readonly string[] => [
  ...(isRoot ? [] : [`--user=/proc/${pid}/ns/user`, '--preserve-credentials']),
  `--mount=/proc/${pid}/ns/mnt`,
  ...(uts ? [`--uts=/proc/${pid}/ns/uts`] : []),
];

/** A process that does nothing but keep the namespaces, with these mounts. Killed after the test. */
async function held(
  mounts: readonly string[],
  uts: boolean,
): Promise<{ readonly pid: number; readonly end: () => void }> {
  const words = ['--mount', ...(isRoot ? [] : ['--map-root-user']), ...(uts ? ['--uts'] : [])];
  const prepare = `${mounts.join(' && ')} && echo ready && exec sleep infinity`;
  const holder = spawn('unshare', [...words, 'sh', '-c', prepare], { stdio: ['ignore', 'pipe', 'inherit'] });
  const end = (): void => void holder.kill('SIGKILL');
  onTestFinished(async () => {
    end();
    if (holder.exitCode === null && holder.signalCode === null) await once(holder, 'exit');
  });
  const began = await Promise.race([once(holder.stdout, 'data'), once(holder, 'exit')]);
  if (holder.pid === undefined || !String(began[0]).startsWith('ready'))
    throw new Error('the mounts of a sandbox failed');
  return { pid: holder.pid, end };
}
