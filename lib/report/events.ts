import type { KonvergeError } from '../errors.ts';
import type { Change } from '../resources/contract.ts';

/** Version of the event schema that `--json` prints; raised when a field changes its meaning or goes. */
export const eventSchemaVersion = 1;

export type ResourceStatus = 'ok' | 'changed' | 'would-change' | 'failed';

/** Everything a run says, in order. Views only ever see events. Times are milliseconds since the run began. */
export type RunEvent =
  | { type: 'run-start'; playbook: string; check: boolean; hosts: readonly string[]; at: number }
  | { type: 'play-start'; play: string; hosts: readonly string[]; at: number }
  | { type: 'host-connected'; host: string; ms: number; at: number }
  | { type: 'role-start'; host: string; play: string; role: string; at: number }
  | {
      type: 'resource';
      host: string;
      role: string;
      /** the host that was worked on, when the role reached another one */
      on?: string;
      kind: string;
      id: string;
      status: ResourceStatus;
      changes: readonly Change[];
      ms: number;
      at: number;
    }
  | { type: 'note'; host: string; role: string; text: string; at: number }
  /** a line of live output of a long command */
  | { type: 'output'; host: string; role: string; what: string; line: string; at: number }
  | { type: 'role-end'; host: string; play: string; role: string; ms: number; trips: number; at: number }
  | { type: 'host-failed'; host: string; play?: string; error: KonvergeError; at: number }
  | { type: 'play-end'; play: string; ms: number; at: number }
  /** the operator has interrupted the run: what happens now */
  | { type: 'stopping'; text: string; at: number }
  | { type: 'run-end'; recap: readonly Recap[]; exitCode: number; ms: number; at: number };

export interface Recap {
  readonly host: string;
  /** resources found as wished */
  readonly ok: number;
  /** resources changed, or that would be (`--check`) */
  readonly changed: number;
  readonly failed: number;
  readonly unreachable: boolean;
  /** roles that were not reached because the host failed before, were not wanted (`--step`) or were done (`--resume`) */
  readonly skipped: number;
  readonly ms: number;
  readonly trips: number;
}

export interface View {
  show(event: RunEvent): void;
  /** Everything has been written; the terminal is as it was before. */
  close(): Promise<void>;
}
