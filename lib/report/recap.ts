import type { KonvergeError } from '../errors.ts';
import { count, duration } from './duration.ts';
import type { Recap } from './events.ts';
import { failureText } from './failure.ts';
import { foldedNames } from './host-names.ts';
import type { Paint, Style } from './paint.ts';
import { table } from './table.ts';
import type { Segment } from './width.ts';

export interface End {
  readonly recap: readonly Recap[];
  readonly failures: readonly KonvergeError[];
  readonly check: boolean;
  readonly exitCode: number;
  readonly ms: number;
}

export interface RecapOptions {
  readonly verbose: boolean;
  readonly paint: Paint;
}

/** The end of a run as text: the table of hosts, every failure in full, one sentence. Ends with a newline. */
export function recapText(given: End, { verbose, paint }: RecapOptions): string {
  const end = { ...given, recap: given.recap.toSorted((a, b) => byName.compare(a.host, b.host)) };
  const failures = alike(end.failures, verbose).flatMap(({ error, hosts }) => [
    '',
    failureText(error, { verbose, paint, ...(hosts.length > 1 ? { hosts: foldedNames(hosts).join(', ') } : {}) }),
  ]);
  return ['', ...hostTable(end, paint), ...failures, '', sentence(end, paint), ''].join('\n');
}

interface Alike {
  readonly error: KonvergeError;
  readonly hosts: readonly string[];
}

/** What went wrong on thirty hosts in the same way is told once. With stacks to show, each is told by itself. */
function alike(failures: readonly KonvergeError[], verbose: boolean): readonly Alike[] {
  const found = new Map<string, Alike>();
  for (const error of failures) {
    const { host = '' } = error.details.place ?? {};
    const key = verbose ? String(found.size) : failureText(error, { hosts: '' });
    found.set(key, { error: found.get(key)?.error ?? error, hosts: [...(found.get(key)?.hosts ?? []), host] });
  }
  return [...found.values()].map(({ error, hosts }) => ({ error, hosts: hosts.toSorted(byName.compare) }));
}

const byName = new Intl.Collator('en', { numeric: true });

function hostTable({ recap, check, ms }: End, paint: Paint): readonly string[] {
  if (recap.length === 0) return [];
  const names = ['host', 'ok', check ? 'would change' : 'changed', 'failed', 'unreachable', 'skipped', 'time', 'trips'];
  const head = names.map((text): Segment => ({ text, style: 'dim' }));
  const total = recap.length > 1 ? [row({ ...sumOf(recap), ms }, 'dim')] : [];
  return table([head, ...recap.map((each) => row(each, hostStyle(each))), ...total], paint);
}

/** A host, or all of them: then the time is the run's own and not the sum. */
type Line = Omit<Recap, 'unreachable'> & { readonly unreachable: boolean | number };

function row(line: Line, style: Style): readonly Segment[] {
  return [
    { text: line.host, style },
    number(line.ok, 'green'),
    number(line.changed, 'yellow'),
    number(line.failed, 'red'),
    number(Number(line.unreachable), 'red'),
    number(line.skipped, 'cyan'),
    { text: duration(line.ms) },
    { text: String(line.trips) },
  ];
}

const number = (value: number, style: Style): Segment => ({ text: String(value), style: value === 0 ? 'dim' : style });

const hostStyle = ({ failed, unreachable, changed }: Recap): Style =>
  failed > 0 || unreachable ? 'red' : changed > 0 ? 'yellow' : 'green';

function sumOf(recap: readonly Recap[]): Omit<Line, 'ms'> {
  const sum = (pick: (each: Recap) => number): number => recap.reduce((all, each) => all + pick(each), 0);
  return {
    host: 'total',
    ok: sum((each) => each.ok),
    changed: sum((each) => each.changed),
    failed: sum((each) => each.failed),
    unreachable: sum((each) => Number(each.unreachable)),
    skipped: sum((each) => each.skipped),
    trips: sum((each) => each.trips),
  };
}

/** More names than this nobody reads; `--resume` knows them. */
const mostNamed = 20;

/** What the whole table says, in one sentence, with what to type next when something failed. */
function sentence({ recap, check, exitCode, ms }: End, paint: Paint): string {
  const hosts = count(recap.length, 'host');
  const lost = recap.filter((each) => each.failed > 0 || each.unreachable);
  const changed = recap.filter((each) => each.changed > 0);
  const changes = recap.reduce((all, each) => all + each.changed, 0);
  const what = `${count(changes, 'change')}${check ? ' to be made' : ''} on ${changed.length} of ${hosts}`;
  const took = `in ${duration(ms)}`;
  if (exitCode === 130) return paint('red', `Interrupted after ${duration(ms)}: ${what}.`);
  if (lost.length > 0) {
    const again = `; again on these alone: --limit '${lost.map((each) => each.host).join(',')}'`;
    const isShort = lost.length <= mostNamed;
    return paint('red', `${lost.length} of ${hosts} failed, ${what}, ${took}${isShort ? again : '.'}`);
  }
  if (exitCode !== 0 && exitCode !== 5)
    return paint('red', `The run failed (exit code ${exitCode}), ${what}, ${took}.`);
  if (changes > 0) return paint('yellow', `${what}, ${took}.`);
  return paint('green', `Nothing to do: ${recap.length === 1 ? hosts : `all ${hosts}`} as wished, ${took}.`);
}
