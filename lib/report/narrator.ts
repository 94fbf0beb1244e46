import { changeWords } from './change-words.ts';
import { diffs } from './diffs.ts';
import { count, duration } from './duration.ts';
import type { RunEvent } from './events.ts';
import { failureLine } from './failure.ts';
import type { Paint } from './paint.ts';
import { oneLine } from './printable.ts';

export interface NarratorOptions {
  readonly paint: Paint;
  /** what was found as wished, connections and live output are told too */
  readonly verbose: boolean;
  readonly diff: boolean;
  /** false: only notes and what an interrupt does, for a view that shows the rest in another way; default true */
  readonly changes?: boolean;
}

type Event<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>;

/** Tells a run as lines of text, event by event. What tells of one host names it, as hosts run side by side. */
export function narrator(options: NarratorOptions): (event: RunEvent) => readonly string[] {
  const { paint, diff, changes = true } = options;
  const kept = diff ? diffs(paint) : undefined;
  let begun = new Set<string>();
  return (event) => {
    if (event.type === 'play-start') begun = new Set();
    const isFirst = event.type === 'role-start' && !begun.has(event.role);
    if (event.type === 'role-start') begun.add(event.role);
    const isForAll = changes || event.type === 'note' || event.type === 'stopping';
    const told = isForAll ? tell(event, isFirst, options) : [];
    return [...told, ...(kept?.after(event) ?? [])];
  };
}

function tell(event: RunEvent, isFirst: boolean, { paint, verbose }: NarratorOptions): readonly string[] {
  switch (event.type) {
    case 'run-start':
      return [
        paint('bold', `${oneLine(event.playbook)}: ${count(event.hosts.length, 'host')}`) +
          (event.check ? ', check only: nothing is changed' : ''),
      ];
    case 'play-start':
      return ['', paint('bold', `${oneLine(event.play)} (${count(event.hosts.length, 'host')})`)];
    case 'role-start':
      return isFirst ? [paint('dim', `— ${event.role}`)] : [];
    case 'host-connected':
      return verbose ? [`  ${event.host}: connected (${duration(event.ms)})`] : [];
    case 'resource':
      return resource(event, verbose, paint);
    case 'note':
      return [note(event, paint)];
    case 'stopping':
      return [paint('yellow', event.text)];
    case 'output':
      return verbose ? [paint('dim', `  ${where(event)} · ${oneLine(event.what)} | ${oneLine(event.line)}`)] : [];
    case 'host-failed':
      return [paint('red', `✖ ${failureLine(event.error.at({ host: event.host }))}`)];
    default:
      return [];
  }
}

/** A failed resource is not told here: its `host-failed` says the same and more. */
function resource(event: Event<'resource'>, verbose: boolean, paint: Paint): readonly string[] {
  const { status, kind, id, changes, ms } = event;
  const what = `${where(event)} · ${kind} ${oneLine(id)}`;
  if (status === 'ok') return verbose ? [paint('green', `✔ ${what}: as wished (${duration(ms)})`)] : [];
  if (status === 'changed') return [paint('yellow', `± ${what}: ${changeWords(changes)} (${duration(ms)})`)];
  return status === 'would-change' ? [paint('yellow', `± ${what}: would change: ${changeWords(changes)}`)] : [];
}

const note = (event: Event<'note'>, paint: Paint): string => paint('cyan', `ℹ ${where(event)}: ${oneLine(event.text)}`);

/** `mn01 · kubeadm-join`, or `mn02 · kubeadm-join · on mn01` where the role reached another host */
const where = ({ host, role, on }: { readonly host: string; readonly role: string; readonly on?: string }): string =>
  on === undefined || on === host ? `${host} · ${role}` : `${host} · ${role} · on ${on}`;
