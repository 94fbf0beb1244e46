import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Surroundings } from './harness.ts';

/**
 * A machine of this test's own as far as /etc and /var/lib go: each script runs in a mount namespace where these are
 * writable layers over the real ones, kept between scripts and gone after the test.
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
  /** more words of unshare(1): `--uts` */
  readonly unshare?: readonly string[];
}

/** In memory: unmounting a layer syncs its file system. */
async function rootFolder(): Promise<string> {
  const root = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'konverge-test-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  return root;
}

export async function sandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { mounted = {}, folders = [], layers = [], readOnly, unshare = [] } = options;
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
  const asRoot = process.getuid?.() === 0 ? [] : ['--map-root-user'];
  const prepare = `${mounts.join(' && ')} && exec "$@"`;
  return {
    memory,
    surroundings: {
      path: [bin],
      env: { MEMORY: memory },
      wrap: ['unshare', '--mount', ...asRoot, ...unshare, 'sh', '-c', prepare, 'sh'],
    },
    async put(path, content, mode = 0o644) {
      await mkdir(dirname(inside(path)), { recursive: true });
      await writeFile(inside(path), content);
      await chmod(inside(path), mode);
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
