import type { CommandResult } from '../resources/contract.ts';
import type { Script } from '../sh.ts';

export type StreamName = 'stdout' | 'stderr';

export interface RunOptions {
  /** stdin of the FIRST script; the others read /dev/null */
  readonly stdin?: Buffer;
  /** milliseconds for the whole call; default 300 000. Afterwards nothing of it runs on the host. @throws TimedOut */
  readonly timeoutMs?: number;
  /** true = reads only: after a lost connection the session reconnects (with back-off) and asks again */
  readonly repeatable?: boolean;
  /** whole lines of the FIRST script as they arrive, already redacted */
  onLine?(line: string, stream: StreamName): void;
}

/** One host, one long-lived root shell. Calls are queued: one at a time runs on the host. */
export interface Session {
  readonly host: string;
  /** round trips so far: one for each `run`, whatever the number of scripts */
  readonly trips: number;
  /**
   * All scripts, in order, each in a subshell of its own, in ONE round trip; one result each, whatever its exit code.
   * @throws KonvergeError ConnectionLost, TimedOut, Interrupted
   */
  run(scripts: readonly Script[], options?: RunOptions): Promise<readonly CommandResult[]>;
  /** Streams a controller's file to `remotePath`, mode 0600, owner root. Not atomic: give it a temp name. */
  upload(localPath: string, remotePath: string): Promise<void>;
  /** Takes the host's lock for as long as the shell lives. @throws Refused naming the holder */
  lock(holder: string): Promise<void>;
  /** Stops what runs on the host now, with all its children; the pending `run` rejects with Interrupted. */
  interrupt(): Promise<void>;
  close(): Promise<void>;
}
