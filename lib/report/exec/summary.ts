import type { KonvergeError } from '../../errors.ts';
import { fold } from '../../plan/diff-text.ts';
import { count, duration } from '../duration.ts';
import { failureText } from '../failure.ts';
import type { Outlet } from '../outlet.ts';
import type { Paint } from '../paint.ts';
import type { ExecEvent, ExecView } from './events.ts';

/** At the end: every failure in full, how it ended on each host where that is not 0 everywhere, one sentence. */
export function summaryView(outlet: Outlet, options: { readonly paint: Paint; readonly verbose: boolean }): ExecView {
  const failures: KonvergeError[] = [];
  const ends = new Map<string, string>();
  let hosts: readonly string[] = [];
  const text = ({ exitCode, ms }: Extract<ExecEvent, { type: 'exec-end' }>): readonly string[] => [
    // What the operator has stopped needs no explanation.
    ...failures.filter(({ code }) => code !== 'Interrupted').map((error) => failureText(error, options)),
    ...endLines(hosts, ends),
    sentence({ hosts, ends, exitCode, ms }, options.paint),
    '',
  ];
  return {
    show(event) {
      if (event.type === 'exec-start') ({ hosts } = event);
      if (event.type === 'exec-exit') ends.set(event.host, `exit ${event.code}`);
      if (event.type === 'host-failed') ends.set(event.host, event.error.code);
      if (event.type === 'host-failed') failures.push(event.error.at({ host: event.host }));
      if (event.type === 'exec-end') outlet.write(text(event).join('\n'));
    },
    close: () => outlet.drained(),
  };
}

const wellEnded = 'exit 0';

/** One line for each way in which it ended, with its hosts in inventory order; none when all is well. */
function endLines(hosts: readonly string[], ends: ReadonlyMap<string, string>): readonly string[] {
  if (hosts.every((host) => ends.get(host) === wellEnded)) return [];
  const groups = fold(hosts.map((of) => ({ text: ends.get(of) ?? '', of })));
  const width = Math.max(...groups.map(({ text }) => text.length));
  return groups.map(({ text, of }) => `${text.padEnd(width)}  ${of.join(', ')}`);
}

interface End {
  readonly hosts: readonly string[];
  readonly ends: ReadonlyMap<string, string>;
  readonly exitCode: number;
  readonly ms: number;
}

function sentence({ hosts, ends, exitCode, ms }: End, paint: Paint): string {
  const wrong = hosts.filter((host) => ends.get(host) !== wellEnded);
  const all = count(hosts.length, 'host');
  if (exitCode === 130) return paint('red', `Interrupted after ${duration(ms)}.`);
  if (wrong.length === 0)
    return paint('green', `${all}, exit 0${hosts.length > 1 ? ' everywhere' : ''}, in ${duration(ms)}.`);
  const again = `again on these alone: --limit '${wrong.join(',')}'`;
  return paint('red', `${wrong.length} of ${all} failed, in ${duration(ms)}; ${again}`);
}
