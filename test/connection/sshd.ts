import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Target } from '../../lib/connection/index.ts';
import type { BecomeSettings, SshSettings } from '../../lib/inventory/types.ts';

/** Users of the machine that the tests make for themselves; `root` is let in with the same key. */
export const users = {
  /** sudo with a password, which is also its login's */
  asking: 'kv-asking',
  /** sudo without a password; its login shell is bash with a chatty .bashrc */
  trusted: 'kv-trusted',
  /** no sudo at all */
  plain: 'kv-plain',
} as const;
export const password = 'right-Horse 9 "x\'';

// Several test files start at once on a fresh machine; one prepares it, the others wait.
const prepare = `
set -eu
[ "$(cat /run/konverge-test.ready 2>/dev/null)" != "$STAMP" ] || exit 0
export DEBIAN_FRONTEND=noninteractive
missing=
[ -x /usr/sbin/sshd ] || missing="$missing openssh-server"
command -v ssh >/dev/null || missing="$missing openssh-client"
command -v sudo >/dev/null || missing="$missing sudo"
command -v busybox >/dev/null || missing="$missing busybox"
if [ -n "$missing" ]; then
  apt-get install -y --no-install-recommends $missing || { apt-get update; apt-get install -y --no-install-recommends $missing; }
fi
mkdir -p /run/sshd
for user in ${users.asking} ${users.trusted} ${users.plain}; do
  id "$user" >/dev/null 2>&1 || useradd --create-home --shell /bin/sh "$user"
done
usermod --shell /bin/bash ${users.trusted}
usermod --password '*' ${users.trusted}
usermod --password '*' ${users.plain}
printf '%s:%s\\n' ${users.asking} "$PASSWORD" ${users.plain} "$PASSWORD" | chpasswd
printf 'echo "welcome, this is noise"; echo "noise too" >&2\\n' >/home/${users.trusted}/.bashrc
umask 0337
printf '%s ALL=(ALL) ALL\\n%s ALL=(ALL) NOPASSWD: ALL\\n' ${users.asking} ${users.trusted} >/etc/sudoers.d/kv-test
umask 022
printf '%s\\n' "$STAMP" >/run/konverge-test.ready
`;

/** Once on each machine, as root. @throws Error saying what is missing when it cannot be prepared */
export function prepareMachine(): void {
  if (process.getuid?.() !== 0) throw new Error('the tests of the connection start a real sshd and need root');
  const stamp = createHash('sha256').update(prepare).update(password).digest('hex');
  const run = spawnSync('flock', [join(tmpdir(), 'konverge-test.lock'), 'sh', '-c', prepare], {
    encoding: 'utf8',
    env: { ...process.env, PASSWORD: password, STAMP: stamp },
  });
  if (run.status !== 0) throw new Error(`this machine could not be prepared for the tests:\n${run.stderr}`);
}

export interface Sshd {
  readonly port: number;
  readonly folder: string;
  /** known_hosts that knows this sshd */
  readonly knownHosts: string;
  /** private key that every user is let in with */
  readonly key: string;
  readonly pid: number;
  /** public host key line: `ssh-ed25519 AAAA…` */
  readonly hostKey: string;
  target(ssh?: SshSettings, become?: BecomeSettings): Target;
  /** sshd's own processes for the connections that are open, the listener excepted */
  sessions(): readonly number[];
  /** Afterwards nobody listens and every connection is cut. */
  stop(): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

export interface SshdOptions {
  /** further lines of sshd_config(5) */
  readonly config?: string;
  readonly hostKeyTypes?: readonly string[];
  /** with a /run of its own: the lock of a whole run there is not that of another one */
  readonly ownRun?: boolean;
}

/** An sshd of our own on a free port of 127.0.0.1, in a folder of its own. */
export async function startSshd(options: SshdOptions = {}): Promise<Sshd> {
  const { config = '', hostKeyTypes = ['ed25519'], ownRun = false } = options;
  const folder = mkdtempSync(join(tmpdir(), 'konverge-sshd-'));
  const port = await freePort();
  const key = join(folder, 'id');
  keygen('ed25519', key);
  chmodSync(folder, 0o755);
  const hostKeys = hostKeyTypes.map((type) => join(folder, `host_${type}`));
  for (const [i, file] of hostKeys.entries()) keygen(hostKeyTypes[i] ?? 'ed25519', file);
  const hostKey = readFileSync(`${hostKeys[0]}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');
  writeFileSync(join(folder, 'authorized_keys'), readFileSync(`${key}.pub`), { mode: 0o644 });
  const knownHosts = join(folder, 'known_hosts');
  writeFileSync(knownHosts, `[127.0.0.1]:${port} ${hostKey}\n`);
  writeFileSync(join(folder, 'sshd_config'), sshdConfig(folder, port, hostKeys, config));
  let daemon = await launch(folder, port, ownRun);
  const stop = async (): Promise<void> => {
    for (const pid of descendants(daemon.pid ?? 0)) kill(pid);
    daemon.kill('SIGKILL');
    await sleep(20);
  };
  return {
    port,
    folder,
    knownHosts,
    key,
    hostKey,
    get pid() {
      return daemon.pid ?? 0;
    },
    target: (ssh = {}, become = { method: 'auto' }) => ({
      name: 'n1',
      address: '127.0.0.1',
      become,
      ssh: { port, user: 'root', identity: key, knownHosts, ...ssh },
    }),
    sessions: () => descendants(daemon.pid ?? 0).filter((pid) => commandOf(pid).startsWith('sshd:')),
    stop,
    async start() {
      daemon = await launch(folder, port, ownRun);
    },
    async remove() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function sshdConfig(folder: string, port: number, hostKeys: readonly string[], config: string): string {
  return [
    // the first word for a setting counts, so the test's lines stand first
    config,
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    ...hostKeys.map((file) => `HostKey ${file}`),
    `AuthorizedKeysFile ${folder}/authorized_keys`,
    'PidFile none',
    'UsePAM no',
    'StrictModes no',
    'PermitRootLogin yes',
    'PasswordAuthentication yes',
    'KbdInteractiveAuthentication no',
    'MaxStartups 100',
    'UseDNS no',
    'LogLevel ERROR',
    // bash does not read ~/.bashrc then: what root has in it here is not ours to wait for
    'Match User root',
    '  SetEnv SHLVL=5',
    '',
  ].join('\n');
}

const withOwnRun = 'mount -t tmpfs tmpfs /run && mkdir -m 755 /run/sshd && exec "$0" "$@"';

async function launch(folder: string, port: number, ownRun: boolean): Promise<ChildProcess> {
  const wrap = ownRun ? ['unshare', '--mount', 'sh', '-c', withOwnRun] : [];
  const [program, ...args] = [...wrap, '/usr/sbin/sshd', '-D', '-e', '-f', join(folder, 'sshd_config')];
  const daemon = spawn(program, args, { stdio: 'ignore' });
  for (let tries = 0; tries < 200; tries++) {
    if (daemon.exitCode !== null) throw new Error(`sshd ended with ${daemon.exitCode}`);
    if (await answers(port)) return daemon;
    await sleep(20);
  }
  throw new Error('sshd did not come up');
}

export function keygen(type: string, file: string, passphrase = ''): void {
  const run = spawnSync('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-f', file], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(run.stderr);
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('data', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
    socket.on('close', () => resolve(false));
  });
}

/** All processes below `pid`, by proc(5). */
export function descendants(pid: number): readonly number[] {
  const { stdout } = spawnSync('sh', ['-c', 'cat /proc/[0-9]*/stat 2>/dev/null'], { encoding: 'latin1' });
  const parents = stdout.split('\n').flatMap((line) => {
    const rest = line.slice(line.lastIndexOf(')') + 2).split(' ');
    return line === '' ? [] : [{ pid: Number.parseInt(line, 10), parent: Number(rest[1]) }];
  });
  const found = [pid];
  for (const each of found) found.push(...parents.filter(({ parent }) => parent === each).map((child) => child.pid));
  return found.slice(1);
}

export function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

export function kill(pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch {
    // it was gone already
  }
}

/** Processes whose command line is `command`; the tests make theirs unique. */
export function pidsOf(command: string): readonly number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => commandOf(pid).trim() === command);
}

export const isRunning = (command: string): boolean => pidsOf(command).length > 0;
