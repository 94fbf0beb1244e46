import { KonvergeError } from '../errors.ts';
import type { Caller } from './caller.ts';

/** What a role has set going and not yet seen the end of. */
export interface UnderWay {
  /** @throws Unexpected for an ensure while another on the same host is under way: what comes first would be left to chance */
  track<T>(what: What, work: () => Promise<T>): Promise<T>;
  /** Nothing is under way any more. @throws Unexpected when something was, as the role has ended without it */
  ended(): Promise<void>;
}

export interface What {
  readonly kind: 'ensure' | 'read' | 'on';
  readonly host: string;
  readonly by?: Caller;
}

/**
 * Finds the `await` that is missing before an `ensure`. Without it a failure would be nobody's, end the whole process and
 * with it the work on all other hosts.
 */
export function underWayIn(): UnderWay {
  const going = new Map<Promise<unknown>, What>();
  return {
    track<T>(what: What, work: () => Promise<T>): Promise<T> {
      // A read may be a part of the ensure: an apply that asks for what it needs, as for a signature.
      const earlier = [...going.values()].find(({ kind, host }) => kind === 'ensure' && host === what.host);
      if (earlier !== undefined && what.kind === 'ensure') {
        return Promise.reject(unawaited(earlier, 'ensure was called'));
      }
      const promise = work().finally(() => going.delete(promise));
      going.set(promise, what);
      return promise;
    },
    async ended() {
      const [left] = going.values();
      // It may be in the middle of a change, and only its end leaves the host in a state that is known.
      await Promise.allSettled(going.keys());
      if (left !== undefined) throw unawaited(left, 'the role ended');
    },
  };
}

function unawaited({ kind, by }: What, when: string): KonvergeError {
  const at = by?.();
  return new KonvergeError('Unexpected', `an await is missing: ${when} while an earlier ${kind} was still under way`, {
    ...(at === undefined ? {} : { place: { at } }),
    mend: `write \`await\` before this ${kind}; what is to be done together goes into one ensure`,
  });
}
