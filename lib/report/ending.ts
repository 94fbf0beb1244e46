import type { KonvergeError } from '../errors.ts';
import type { RunEvent } from './events.ts';
import type { Paint } from './paint.ts';
import { profiler } from './profile.ts';
import { recapText } from './recap.ts';

export interface EndingOptions {
  readonly paint: Paint;
  readonly verbose: boolean;
  readonly profile: boolean;
}

/** Gathers what the end of a run is told from: feed it every event; at `run-end` it returns the text, before that ''. */
export function ending({ paint, verbose, profile }: EndingOptions): (event: RunEvent) => string {
  const failures: KonvergeError[] = [];
  const times = profiler();
  let check = false;
  return (event) => {
    times.show(event);
    if (event.type === 'run-start') check = event.check;
    if (event.type === 'host-failed') failures.push(event.error.at({ host: event.host }));
    if (event.type !== 'run-end') return '';
    const { recap, exitCode, ms } = event;
    return (profile ? times.text(paint) : '') + recapText({ recap, failures, check, exitCode, ms }, { verbose, paint });
  };
}
