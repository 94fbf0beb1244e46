import { setTimeout as sleep } from 'node:timers/promises';
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
  /** Rejects when nothing that still goes on may be waited for any longer. */
  readonly abandoned: Promise<never>;
  /** Gives the signals back. */
  done(): void;
}

/** Milliseconds for roles to end, once what they waited for on a host has been stopped. */
const graceMs = 1000;

/**
 * First Ctrl-C: every host finishes the resource it is at, nothing new begins. Second: what runs on the hosts is
 * stopped, with its children, and a role that waits for something else is left alone. Third: the end, at once. A terminal
 * that is closed counts as the first. `tell` is told what happens and what one more would do.
 */
export function onInterrupt(fleet: Pick<Fleet, 'opened'>, tell: (text: string) => void): Stop {
  let count = 0;
  let abandon: (error: KonvergeError) => void = () => undefined;
  const abandoned = new Promise<never>((_, reject) => {
    abandon = reject;
  });
  abandoned.catch(() => undefined);
  const signal = (): void => {
    count += 1;
    if (count === 1) return tell('stopping: every host finishes what it is at; Ctrl-C again stops it there');
    if (count > 2) process.exit(130);
    tell('stopping what runs on the hosts; Ctrl-C again leaves it behind');
    // A session that cannot be interrupted is closed with the others when the run ends.
    void Promise.allSettled(fleet.opened().map((session) => session.interrupt()))
      .then(() => sleep(graceMs))
      .then(() => abandon(interrupted('stopped on request', { mend: 'the same command goes on from here' })));
  };
  const hangUp = (): void => {
    if (count === 0) signal();
  };
  process.on('SIGINT', signal).on('SIGTERM', signal).on('SIGHUP', hangUp);
  return {
    requested: () => count > 0,
    request: () => {
      count = Math.max(count, 1);
    },
    abandoned,
    done: () => {
      process.off('SIGINT', signal).off('SIGTERM', signal).off('SIGHUP', hangUp);
    },
  };
}
