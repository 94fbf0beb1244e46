import { interrupted, type KonvergeError } from '../errors.ts';
import type { Flags } from './flags.ts';
import type { Fleet } from './fleet.ts';

/** What each host is left with that was still to do something. */
export const stoppedOnRequest = ({ check, plan }: Pick<Flags, 'check' | 'plan'>): KonvergeError =>
  interrupted('stopped on request', { mend: mendOf(check, plan) });

function mendOf(check: boolean, plan: string | undefined): string {
  if (check) return 'the same command begins again; --check has changed nothing';
  return plan === undefined ? '--resume goes on from here; so does the same command' : 'make a new plan';
}

export interface Stop {
  requested(): boolean;
  /** as a first Ctrl-C would */
  request(): void;
  /** Gives the signals back. */
  done(): void;
}

/**
 * First Ctrl-C: every host finishes the resource it is at, nothing new begins. Second: what runs on the hosts is
 * stopped, with its children. `first` is told of the first one.
 */
export function onInterrupt(fleet: Pick<Fleet, 'opened'>, first: () => void = () => undefined): Stop {
  let count = 0;
  const signal = (): void => {
    count += 1;
    if (count === 1) return first();
    // A session that cannot be interrupted is closed with the others when the run ends.
    void Promise.allSettled(fleet.opened().map((session) => session.interrupt()));
  };
  process.on('SIGINT', signal);
  process.on('SIGTERM', signal);
  return {
    requested: () => count > 0,
    request: () => {
      count = Math.max(count, 1);
    },
    done: () => {
      process.off('SIGINT', signal);
      process.off('SIGTERM', signal);
    },
  };
}
