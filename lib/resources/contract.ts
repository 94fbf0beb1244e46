import type { Secret } from '../secret.ts';
import type { Script } from '../sh.ts';

/** One difference between what is and what is wished, in words an operator reads. */
export interface Change {
  /** which property: `content`, `mode`, `package`, `running` */
  readonly path: string;
  /** absent = it does not exist yet */
  readonly from?: string | undefined;
  /** absent = it is to go */
  readonly to?: string | undefined;
  /** the two texts that `--diff` shows as a unified diff; never present for secrets */
  readonly text?: { readonly before: string; readonly after: string };
}

/** A read-only question to a host. Data, so that the engine can join any number of them into one round trip. */
export interface Probe<State> {
  /**
   * Runs in a subshell of a POSIX sh, stdin empty, cwd `/`, `LC_ALL=C`, PATH with the sbin folders, no `set -e`.
   * It must exit 0 for every state it can describe, "absent" included; any other exit is a ProbeFailed.
   */
  readonly script: Script;
  parse(out: Buffer): State;
}

export interface CommandResult {
  /** exit status; 128+n when ended by signal n */
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** wall time, milliseconds */
  readonly ms: number;
}

export interface WriteOptions {
  /** given to the command on its stdin; a Secret is revealed only on the wire */
  readonly stdin?: Buffer | string | Secret<string>;
  /** seconds; default 300 */
  readonly timeout?: number;
  /** exit codes that count as success; default [0] */
  readonly okCodes?: readonly number[];
  /** what is being done, for live output and errors: `kubeadm init` */
  readonly what?: string;
  /** its stdout is a secret: not shown live, not part of an error */
  readonly secret?: boolean;
}

/** A connection that may change the host. Only `apply` ever gets one, and never under `--check`. */
export interface Writer {
  readonly host: string;
  /** One round trip. @throws KonvergeError CommandFailed when the exit code is not one of `okCodes`. */
  run(script: Script, options?: WriteOptions): Promise<CommandResult>;
  /** Afterwards `remotePath` (a temp name) holds the bytes of the controller's `localPath`, mode 0600, owner root. */
  upload(localPath: string, remotePath: string): Promise<void>;
}

/** What the engine knows of the resources that came before in this run. */
export interface Seen {
  /** the resource was changed, or would be (`--check`) */
  changed(resource: AnyResource): boolean;
}

/** What a service can compare itself with: is it running with what this resource stands for? */
export interface Evidence {
  /** files whose content is the resource */
  readonly paths: readonly string[];
  /** hex sha256 of the wished content */
  readonly digest: string;
}

/** See the design notes in docs/engine.md: probe is data, diff is pure, apply converges from any state. */
export interface Resource<State, Out = void> {
  /** `file`, `package`, `service` … */
  readonly kind: string;
  /** `/etc/chrony.conf`; kind and id are unique within a role on a host */
  readonly id: string;
  readonly probe: Probe<State>;
  /** [] = as wished. Pure. */
  diff(state: State, seen: Seen): readonly Change[];
  /** Converges from any state. What it returns is the outcome's `out`. */
  apply(host: Writer, changes: readonly Change[], state: State): Promise<Out>;
  /** for `restartOn` */
  readonly evidence?: Evidence;
  /** true = apply only waits for something to become so; never counted as a change, skipped under `--check` */
  readonly gate?: boolean;
}

// Methods are bivariant, so every Resource<S, O> is one of these; the engine only ever feeds it its own probe's output.
export type AnyResource = Resource<unknown, unknown>;

export type Outcome<Out> =
  | { readonly status: 'changed'; readonly out: Out }
  | { readonly status: 'ok' | 'would-change'; readonly out: undefined };

export type Outcomes<Rs extends readonly AnyResource[]> = {
  readonly [I in keyof Rs]: Rs[I] extends { apply(...given: never): Promise<infer Out> } ? Outcome<Out> : never;
};
