import type { KonvergeError } from '../../errors.ts';
import { fold } from '../../plan/diff-text.ts';
import { changeWords } from '../change-words.ts';
import { diffsOf } from '../diffs.ts';
import type { Recap, RunEvent } from '../events.ts';

type Event<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>;

/** One role on one host, from when to when. */
export interface Bar {
  readonly role: string;
  readonly play: string;
  readonly from: number;
  to: number;
  status: 'ok' | 'changed' | 'failed';
  changes: number;
  trips: number;
}

export interface Lane {
  readonly host: string;
  readonly bars: Bar[];
}

/** One change, and every host that it was the same on. */
export interface ChangeGroup {
  readonly role: string;
  readonly title: string;
  readonly words: string;
  readonly diff: string;
  readonly hosts: readonly string[];
}

export interface Model {
  playbook: string;
  check: boolean;
  ms: number;
  /** undefined: the run was cut off before its end */
  exitCode: number | undefined;
  recap: readonly Recap[];
  readonly lanes: readonly Lane[];
  readonly plays: readonly { readonly play: string; readonly from: number; to: number }[];
  readonly failures: readonly KonvergeError[];
  readonly changes: readonly ChangeGroup[];
  readonly notes: readonly Event<'note'>[];
  readonly slowest: readonly Event<'resource'>[];
}

const shownSlowest = 10;

/** What the page shows, gathered from events. */
export interface Gatherer {
  show(event: RunEvent): void;
  model(): Model;
}

export function gatherer(): Gatherer {
  const lanes = new Map<string, Lane>();
  const plays: Model['plays'][number][] = [];
  const failures: KonvergeError[] = [];
  const resources: Event<'resource'>[] = [];
  const notes: Event<'note'>[] = [];
  const run = { playbook: '', check: false, ms: 0, exitCode: undefined, recap: [] };
  const head: Pick<Model, 'playbook' | 'check' | 'ms' | 'exitCode' | 'recap'> = run;
  return {
    show(event) {
      head.ms = Math.max(head.ms, event.at);
      if (event.type === 'run-start') Object.assign(head, { playbook: event.playbook, check: event.check });
      if (event.type === 'run-start') for (const host of event.hosts) laneOf(lanes, host);
      if (event.type === 'play-start') plays.push({ play: event.play, from: event.at, to: event.at });
      if (event.type === 'play-end') endPlay(plays, event);
      if (event.type === 'note') notes.push(event);
      if (event.type === 'resource') resources.push(event);
      if (event.type === 'host-failed') failures.push(event.error.at({ host: event.host }));
      if (event.type === 'run-end') Object.assign(head, { recap: event.recap, exitCode: event.exitCode });
      if ('host' in event) onHost(laneOf(lanes, event.host), event);
    },
    model: () => ({
      ...head,
      lanes: [...lanes.values()],
      plays,
      failures,
      changes: changeGroups(resources),
      notes,
      slowest: resources.toSorted((a, b) => b.ms - a.ms).slice(0, shownSlowest),
    }),
  };
}

function laneOf(lanes: Map<string, Lane>, host: string): Lane {
  const lane = lanes.get(host) ?? { host, bars: [] };
  lanes.set(host, lane);
  return lane;
}

function endPlay(plays: Model['plays'], { play, at }: Event<'play-end'>): void {
  const last = plays.findLast((each) => each.play === play);
  if (last !== undefined) last.to = at;
}

function onHost({ bars }: Lane, event: Extract<RunEvent, { host: string }>): void {
  const { at } = event;
  if (event.type === 'role-start') {
    bars.push({ role: event.role, play: event.play, from: at, to: at, status: 'ok', changes: 0, trips: 0 });
  }
  const bar = bars.at(-1);
  if (bar === undefined) return;
  if ('role' in event && event.role === bar.role) bar.to = at;
  if (event.type === 'resource' && isChange(event)) Object.assign(bar, { status: 'changed', changes: bar.changes + 1 });
  if (event.type === 'role-end') bar.trips = event.trips;
  if (event.type === 'host-failed') Object.assign(bar, { status: 'failed', to: at });
}

const isChange = ({ status }: Event<'resource'>): boolean => status === 'changed' || status === 'would-change';

/** Changes that are the same on several hosts, in the order in which they first came. */
function changeGroups(resources: readonly Event<'resource'>[]): readonly ChangeGroup[] {
  const each = resources.filter(isChange).map((event) => {
    const { role, kind, id, changes } = event;
    const group = { role, title: `${kind} ${id}`, words: changeWords(changes), diff: diffsOf(event).join('\n') };
    return { text: JSON.stringify(group), of: { group, host: event.on ?? event.host } };
  });
  return fold(each).flatMap(({ of }) => {
    const [first] = of;
    return first === undefined ? [] : [{ ...first.group, hosts: [...new Set(of.map(({ host }) => host))] }];
  });
}
