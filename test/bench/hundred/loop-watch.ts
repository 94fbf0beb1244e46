import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** The longest that the event loop was held up, milliseconds. */
export interface LoopWatch {
  /** by the clock; other programs on the machine count too */
  readonly wall: number;
  /** of processor time of the thread itself between two turns: what it did, whoever else wanted the processor */
  readonly busy: number;
  /** turns that took more than 50 ms of processor time */
  readonly over: number;
  /** the processor time of the whole watch, and its wall time */
  readonly busyInAll: number;
  readonly wallInAll: number;
}

const everyMs = 5;

/** Begins to watch; the answer ends it. */
export function watchLoop(): () => LoopWatch {
  const began = { busy: threadMs(), wall: performance.now() };
  let last = began.busy;
  let busy = 0;
  let over = 0;
  const look = (): void => {
    const now = threadMs();
    busy = Math.max(busy, now - last);
    if (now - last > 50) over += 1;
    last = now;
  };
  const delay = monitorEventLoopDelay({ resolution: everyMs });
  delay.enable();
  const timer = setInterval(look, everyMs);
  return () => {
    look();
    clearInterval(timer);
    delay.disable();
    const wallInAll = performance.now() - began.wall;
    return { wall: delay.max / 1e6, busy, over, busyInAll: last - began.busy, wallInAll };
  };
}

/** proc(5), schedstat: nanoseconds that this thread, the one that runs JavaScript, has had a processor. */
function threadMs(): number {
  return Number(readFileSync('/proc/self/schedstat', 'latin1').split(' ', 1)[0]) / 1e6;
}
