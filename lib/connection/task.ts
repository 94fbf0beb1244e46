import { setTimeout as sleep } from 'node:timers/promises';

/** `work`, or the signal's reason as soon as it is aborted; what `work` does then is nobody's concern any more. */
export function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** `work`, or undefined after `ms`, or when it fails. */
export async function within<T>(work: Promise<T>, ms: number): Promise<T | undefined> {
  const timer = new AbortController();
  const late = sleep(ms, undefined, { signal: timer.signal }).catch(() => undefined);
  const result = await Promise.race([work.catch(() => undefined), late]);
  timer.abort();
  return result;
}
