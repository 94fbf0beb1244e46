import { duration } from './duration.ts';
import type { RunEvent } from './events.ts';
import type { Paint } from './paint.ts';
import { oneLine } from './printable.ts';
import { table } from './table.ts';
import type { Segment } from './width.ts';

export interface Profiler {
  show(event: RunEvent): void;
  /** The slowest resources, the roles, the connections. Begins and ends with a newline. */
  text(paint: Paint): string;
}

interface RoleTime {
  hosts: number;
  ms: number;
  slowest: number;
  slowestHost: string;
  trips: number;
}

const shown = 10;

/** Where the time of a run went. */
export function profiler(): Profiler {
  const resources: Extract<RunEvent, { type: 'resource' }>[] = [];
  const roles = new Map<string, RoleTime>();
  const trips = new Map<string, number>();
  const connects = new Map<string, number>();
  return {
    show(event) {
      if (event.type === 'resource') resources.push(event);
      if (event.type === 'host-connected') connects.set(event.host, event.ms);
      if (event.type === 'role-end') roles.set(event.role, added(roles.get(event.role), event));
      // What a failed role took is in the recap only.
      if (event.type === 'run-end') for (const each of event.recap) trips.set(each.host, each.trips);
    },
    text(paint) {
      const slowest = resources.toSorted((a, b) => b.ms - a.ms).slice(0, shown);
      const blocks = [
        [['slowest resources', 'status', 'time'], ...slowest.map((event) => resourceRow(event))],
        [['role', 'hosts', 'round trips', 'slowest on', 'slowest', 'sum'], ...roleRows(roles)],
        [['host', 'connect', 'round trips'], ...hostRows(trips, connects)],
      ];
      return blocks.map((rows) => `\n${table(cells(rows), paint).join('\n')}\n`).join('');
    },
  };
}

function added(sum: RoleTime | undefined, event: Extract<RunEvent, { type: 'role-end' }>): RoleTime {
  const { hosts, ms, slowest, slowestHost, trips } = sum ?? { hosts: 0, ms: 0, slowest: -1, slowestHost: '', trips: 0 };
  const isSlowest = event.ms > slowest;
  return {
    hosts: hosts + 1,
    ms: ms + event.ms,
    slowest: isSlowest ? event.ms : slowest,
    slowestHost: isSlowest ? event.host : slowestHost,
    trips: trips + event.trips,
  };
}

const cells = (rows: readonly (readonly string[])[]): readonly (readonly Segment[])[] =>
  rows.map((row, i) => row.map((text): Segment => (i === 0 ? { text, style: 'dim' } : { text })));

const resourceRow = ({ host, role, kind, id, status, ms }: Extract<RunEvent, { type: 'resource' }>): string[] => [
  `${host} · ${role} · ${kind} ${oneLine(id)}`,
  status,
  duration(ms),
];

const roleRows = (roles: ReadonlyMap<string, RoleTime>): readonly string[][] =>
  [...roles]
    .toSorted(([, a], [, b]) => b.ms - a.ms)
    .map(([role, { hosts, ms, slowest, slowestHost, trips }]) => [
      role,
      String(hosts),
      String(trips),
      slowestHost,
      duration(slowest),
      duration(ms),
    ]);

function hostRows(trips: ReadonlyMap<string, number>, connects: ReadonlyMap<string, number>): readonly string[][] {
  const hosts = [...new Set([...connects.keys(), ...trips.keys()])].toSorted();
  return hosts.map((host) => {
    const ms = connects.get(host);
    return [host, ms === undefined ? '' : duration(ms), String(trips.get(host) ?? 0)];
  });
}
