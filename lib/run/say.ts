import type { RunEvent } from '../report/events.ts';

type WithoutTime<E> = E extends unknown ? Omit<E, 'at'> : never;

/** Says one event; the time is added here. */
export type Say = (event: WithoutTime<RunEvent>) => void;

export function sayTo(show: (event: RunEvent) => void): Say {
  const began = performance.now();
  return (event) => show({ ...event, at: Math.round(performance.now() - began) });
}
