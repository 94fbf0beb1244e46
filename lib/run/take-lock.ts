import { hostname, userInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Session } from '../connection/session.ts';
import { asKonvergeError } from '../errors.ts';

export interface Patience {
  /** told once, with what holds the lock, when there is something to wait for */
  readonly waiting: (text: string) => void;
  /** true = the operator wants to stop, give up */
  readonly stopped: () => boolean;
  /** default 10 minutes */
  readonly maxMs?: number;
}

/**
 * The host's lock is ours. Another run's lock is a refusal at once. But a run of this very machine that was killed has
 * left a command at work on the host, which holds the lock until it is through: that one is waited for, so that the same
 * command can simply be given again. @throws Refused naming the holder
 */
export async function takeLock(
  session: Pick<Session, 'lock'>,
  { waiting, stopped, maxMs = 600_000 }: Patience,
): Promise<void> {
  const until = performance.now() + maxMs;
  for (let isFirst = true; ; isFirst = false) {
    try {
      return await session.lock(ourName());
    } catch (thrown) {
      const error = asKonvergeError(thrown);
      const left = pidOfOurs(error.details.said ?? '');
      if (left === undefined || isAlive(left) || stopped() || performance.now() > until) throw error;
      if (isFirst) waiting(`waits for what a run that was killed (pid ${left}) has left at work here`);
      await sleep(500);
    }
  }
}

const ourName = (): string =>
  `konverge pid ${process.pid} of ${userInfo().username}@${hostname()} since ${new Date(performance.timeOrigin).toISOString()}`;

/** The pid in a holder's name, when that holder ran on this machine. */
function pidOfOurs(holder: string): number | undefined {
  const [, pid, host] = /^konverge pid (\d+) of \S+@(\S+) since /.exec(holder) ?? [];
  return pid !== undefined && host === hostname() ? Number(pid) : undefined;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: another user's process
    return error instanceof Error && 'code' in error && error.code !== 'ESRCH';
  }
}
