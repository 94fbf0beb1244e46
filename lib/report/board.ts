import { isUnreachable } from '../errors.ts';
import type { RunEvent } from './events.ts';
import { withoutHost } from './failure.ts';
import { oneLine } from './printable.ts';

export type HostState = 'waiting' | 'running' | 'done' | 'failed' | 'unreachable';

/** How one host stands. */
export interface Row {
  readonly host: string;
  state: HostState;
  role: string;
  /** the resource that was reached last, or the long command that runs */
  what: string;
  ok: number;
  changed: number;
  failed: number;
  /** when the current role began, on the events' clock */
  since: number;
  /** the last line of live output, or why the host failed */
  line: string;
}

/** How a run stands: the model of the live view. */
export interface Board {
  play: string;
  readonly rows: ReadonlyMap<string, Row>;
  show(event: RunEvent): void;
}

export function board(): Board {
  const rows = new Map<string, Row>();
  const row = (host: string): Row => {
    const known = rows.get(host) ?? newRow(host);
    rows.set(host, known);
    return known;
  };
  const made: Board = {
    play: '',
    rows,
    show(event) {
      if (event.type === 'run-start') for (const host of event.hosts) row(host);
      if (event.type === 'play-start') made.play = oneLine(event.play);
      if (event.type === 'play-start') for (const host of event.hosts) begin(row(host));
      if (event.type === 'play-end') for (const each of rows.values()) finish(each);
      if ('host' in event) onHost(row(event.host), event);
      if (event.type === 'resource') tally(row(event.on ?? event.host), event.status);
    },
  };
  return made;
}

const newRow = (host: string): Row => ({
  host,
  state: 'waiting',
  role: '',
  what: '',
  ok: 0,
  changed: 0,
  failed: 0,
  since: 0,
  line: '',
});

const set = (row: Row, news: Partial<Row>): Row => Object.assign(row, news);

function begin(row: Row): void {
  if (isLost(row)) return;
  set(row, { state: 'waiting', role: '', what: '', line: '' });
}

function finish(row: Row): void {
  if (row.state === 'running' || row.state === 'waiting') set(row, { state: 'done', line: '', what: '' });
}

function onHost(row: Row, event: Extract<RunEvent, { host: string }>): void {
  if (event.type === 'role-start') {
    set(row, { state: 'running', role: event.role, what: '', line: '', since: event.at });
  }
  if (event.type === 'resource') set(row, { what: `${event.kind} ${oneLine(event.id)}`, line: '' });
  if (event.type === 'output') set(row, { what: oneLine(event.what), line: oneLine(event.line) });
  // Done, unless the next role begins, which it does at once.
  if (event.type === 'role-end') set(row, { state: 'done', what: '', line: '' });
  if (event.type === 'host-failed') {
    const lost = isUnreachable(event.error, event.host);
    const { place: { resource = '' } = {} } = event.error.details;
    const line = withoutHost(oneLine(event.error.message), event.host);
    set(row, { state: lost ? 'unreachable' : 'failed', what: oneLine(resource), line, failed: row.failed + 1 });
  }
}

function tally(row: Row, status: Extract<RunEvent, { type: 'resource' }>['status']): void {
  if (status === 'ok') row.ok += 1;
  if (status === 'changed' || status === 'would-change') row.changed += 1;
}

export const isLost = (row: Row): boolean => row.state === 'failed' || row.state === 'unreachable';
