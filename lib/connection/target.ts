import type { BecomeSettings, SshSettings } from '../inventory/types.ts';
import type { Secret } from '../secret.ts';

/** One host as the connection sees it. */
export interface Target {
  /** the inventory's name; stands in every message */
  readonly name: string;
  readonly address: string;
  readonly ssh: SshSettings;
  readonly become: BecomeSettings;
  /** milliseconds for TCP, and again for key exchange and login; default 15 000 */
  readonly connectTimeoutMs?: number;
}

/** What is the same for every host of a run. The defaults suit the field; tests shorten them. */
export interface ConnectOptions {
  /** asked once for each encrypted key file; undefined = leave this key out */
  askPassphrase?(keyFile: string): Promise<Secret<string> | undefined>;
  /** read instead of `~/.ssh/config` and `/etc/ssh/ssh_config`, as `ssh -F` */
  readonly sshConfig?: string;
  /** a host that answers none of `count` questions, one every `intervalMs`, is lost; default 3, 10 000 */
  readonly keepalive?: { readonly intervalMs: number; readonly count: number };
  /** milliseconds that a lost host is given to come back; default 30 000 */
  readonly patienceMs?: number;
  /** milliseconds that a command cut off in an apply is given to end by itself; default 60 000 */
  readonly orphanMs?: number;
  /** milliseconds for sudo to let us in; default 20 000 */
  readonly becomeTimeoutMs?: number;
  /** bytes of stdout, and of stderr, of one call; default 64 MiB */
  readonly maxOutput?: number;
  /** default /run/konverge.lock */
  readonly lockFile?: string;
}

/** The options with every default filled in. */
export interface Limits {
  readonly patienceMs: number;
  readonly orphanMs: number;
  readonly becomeTimeoutMs: number;
  readonly maxOutput: number;
  readonly lockFile: string;
}

export const defaultConnectTimeoutMs = 15_000;
export const defaultKeepalive = { intervalMs: 10_000, count: 3 };

export function limitsOf(options: ConnectOptions): Limits {
  return {
    patienceMs: options.patienceMs ?? 30_000,
    orphanMs: options.orphanMs ?? 60_000,
    becomeTimeoutMs: options.becomeTimeoutMs ?? 20_000,
    maxOutput: options.maxOutput ?? 64 * 1024 * 1024,
    lockFile: options.lockFile ?? '/run/konverge.lock',
  };
}
