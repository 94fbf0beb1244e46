import { setImmediate as nextTurn } from 'node:timers/promises';

let queue: Promise<void> = Promise.resolve();

/**
 * Resolves in a turn of the event loop that nobody else who asked has: what a hundred hosts want to do at once is done one
 * after the other, and between them the loop draws, reads keys and signals. Costs nothing where nobody else waits.
 */
export function ownTurn(): Promise<void> {
  queue = queue.then(() => nextTurn());
  return queue;
}
