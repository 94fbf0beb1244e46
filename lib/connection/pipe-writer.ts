import type { Writable } from 'node:stream';

/**
 * Writes that resolve when more may be written, or when `closed` does: a stream that is closed never calls back for
 * what it had not sent. (Not Promise.race: each race would stay in the memory of `closed` for as long as the run.)
 */
export function writerTo(stream: Writable, closed: Promise<unknown>): (bytes: Buffer) => Promise<void> {
  const waiting = new Set<() => void>();
  let isClosed = false;
  void closed.then(() => {
    isClosed = true;
    for (const each of waiting) each();
  });
  return (bytes) =>
    new Promise((resolve) => {
      if (isClosed) return resolve();
      const done = (): void => {
        waiting.delete(done);
        resolve();
      };
      waiting.add(done);
      stream.write(bytes, done);
    });
}
