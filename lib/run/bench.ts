import type { Session } from '../connection/session.ts';
import type { ResourceStatus } from '../report/events.ts';
import type { AnyResource, Change } from '../resources/contract.ts';

/** What one `ensure` needs to know about the host it works on. */
export interface Bench {
  readonly session: Session;
  readonly check: boolean;
  /** resources of this run that were changed, or would be */
  readonly changed: Set<AnyResource>;
  /** throws when the run has been interrupted: between two resources, never within one */
  pause(): void;
  /** throws when this run may not change the resource: it is not in the plan */
  allow(resource: AnyResource): void;
  report(resource: AnyResource, status: ResourceStatus, changes: readonly Change[], ms: number): void;
  live(what: string, line: string): void;
}
