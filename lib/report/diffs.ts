import { fold, unifiedDiff } from '../plan/diff-text.ts';
import type { RunEvent } from './events.ts';
import type { Paint } from './paint.ts';
import { oneLine, printable } from './printable.ts';

type Event<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>;

interface Entry {
  readonly role: string;
  readonly text: string;
  readonly of: string;
}

/** Keeps the diffs of a play until they can be shown once for all hosts that have the same one. */
export interface Diffs {
  /** What can be shown now that this has happened, as lines. */
  after(event: RunEvent): readonly string[];
}

/**
 * A role's diffs are shown when no host that has begun the play is still before the end of that role, so in a play with
 * one host, or one at a time, after each role. What is left comes at the end of the play or of the run.
 */
export function diffs(paint: Paint): Diffs {
  let kept: readonly Entry[] = [];
  const begun = new Set<string>();
  const ended = new Map<string, Set<string>>();
  const flush = (isDue: (entry: Entry) => boolean): readonly string[] => {
    const due = kept.filter(isDue);
    kept = kept.filter((entry) => !due.includes(entry));
    return fold(due).flatMap(({ text, of }) => block(text, of, paint));
  };
  const isOver = ({ role }: Entry): boolean => [...begun].every((host) => ended.get(role)?.has(host) ?? false);
  return {
    after(event) {
      if (event.type === 'role-start') begun.add(event.host);
      if (event.type === 'resource') kept = [...kept, ...entries(event)];
      if (event.type === 'role-end') ended.set(event.role, (ended.get(event.role) ?? new Set()).add(event.host));
      if (event.type === 'host-failed') begun.delete(event.host);
      if (event.type === 'role-end' || event.type === 'host-failed') return flush(isOver);
      if (event.type !== 'play-end' && event.type !== 'run-end') return [];
      begun.clear();
      ended.clear();
      return flush(() => true);
    },
  };
}

/** The diffs of one resource, each with its headers. `line` and `block` are named `PATH: WHAT`; the file is the path. */
export function diffsOf({ id, changes }: Pick<Event<'resource'>, 'id' | 'changes'>): readonly string[] {
  const path = id.split(': ', 1)[0] ?? id;
  return changes.flatMap(({ from, text, to }) => {
    if (text === undefined) return [];
    const before = text.before === '' && from === undefined ? undefined : text.before;
    const after = text.after === '' && to === undefined ? undefined : text.after;
    const diff = unifiedDiff(path, { before, after });
    return diff === '' ? [] : [printable(diff)];
  });
}

const entries = (event: Event<'resource'>): readonly Entry[] =>
  diffsOf(event).map((text) => ({ role: event.role, text, of: event.on ?? event.host }));

function block(text: string, hosts: readonly string[], paint: Paint): readonly string[] {
  const lines = text.split('\n').map((line) => `    ${paintDiff(line, paint)}`);
  return [`  ${paint('bold', hosts.map((host) => oneLine(host)).join(', '))}`, ...lines];
}

function paintDiff(line: string, paint: Paint): string {
  if (line.startsWith('+++') || line.startsWith('---')) return paint('bold', line);
  if (line.startsWith('+')) return paint('green', line);
  if (line.startsWith('-')) return paint('red', line);
  return line.startsWith('@@') ? paint('cyan', line) : line;
}
