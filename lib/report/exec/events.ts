import type { KonvergeError } from '../../errors.ts';

/** What one command on many hosts says, in order. Times are milliseconds since it began. */
export type ExecEvent =
  | { type: 'exec-start'; hosts: readonly string[]; at: number }
  | { type: 'exec-line'; host: string; stream: 'stdout' | 'stderr'; line: string; at: number }
  /** the command has ended there, whatever its exit code */
  | { type: 'exec-exit'; host: string; code: number; ms: number; at: number }
  /** it could not be run there, or not to its end */
  | { type: 'host-failed'; host: string; error: KonvergeError; at: number }
  | { type: 'exec-end'; exitCode: number; ms: number; at: number };

export interface ExecView {
  show(event: ExecEvent): void;
  /** Everything has been written. */
  close(): Promise<void>;
}
