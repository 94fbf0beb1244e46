import { isUnreachable } from '../errors.ts';
import type { Recap, RunEvent } from '../report/events.ts';

interface Count {
  ok: number;
  changed: number;
  failed: number;
  unreachable: boolean;
  skipped: number;
  ms: number;
  /** when the role that is under way began */
  since: number | undefined;
}

/** Counts what is said, per host. */
export interface Tally {
  show(event: RunEvent): void;
  skip(host: string, count: number): void;
  recap(hosts: readonly string[], trips: ReadonlyMap<string, number>): readonly Recap[];
}

export function tally(): Tally {
  const counts = new Map<string, Count>();
  const of = (host: string): Count => {
    const known = counts.get(host) ?? {
      ok: 0,
      changed: 0,
      failed: 0,
      unreachable: false,
      skipped: 0,
      ms: 0,
      since: undefined,
    };
    counts.set(host, known);
    return known;
  };
  return {
    show: (event) => count(event, of),
    skip: (host, number) => {
      of(host).skipped += Math.max(0, number);
    },
    recap: (hosts, trips) =>
      hosts.map((host) => {
        const { since: _, ...counted } = of(host);
        return { host, ...counted, trips: trips.get(host) ?? 0 };
      }),
  };
}

function count(event: RunEvent, of: (host: string) => Count): void {
  if (event.type === 'resource') {
    const { status } = event;
    // A change on another host's behalf (`ctx.on`) is counted where it happened.
    const where = of(event.on ?? event.host);
    if (status === 'ok') where.ok += 1;
    if (status === 'changed' || status === 'would-change') where.changed += 1;
  }
  if (event.type === 'role-start') of(event.host).since = event.at;
  if (event.type === 'role-end') end(of(event.host), event.ms);
  if (event.type === 'host-failed') {
    const host = of(event.host);
    end(host, event.at - (host.since ?? event.at));
    if (isUnreachable(event.error, event.host)) host.unreachable = true;
    else host.failed += 1;
  }
}

/** A role that failed took its time too. */
function end(row: Count, ms: number): void {
  row.ms += ms;
  row.since = undefined;
}
