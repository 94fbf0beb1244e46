import { interrupted } from '../errors.ts';
import type { Inventory } from '../inventory/index.ts';
import type { HostView } from '../inventory/types.ts';
import type { Recap } from '../report/events.ts';
import { htmlView, junitView, logView, tee, type View, viewFor } from '../report/index.ts';
import { askForAccess } from './access.ts';
import type { Flags } from './flags.ts';
import { type Fleet, fleetOf } from './fleet.ts';
import { onInterrupt, type Stop } from './interrupt.ts';
import type { PreparedPlay } from './prepare.ts';
import { type Say, sayTo } from './say.ts';
import { type Run, runPlays } from './schedule.ts';
import { type Tally, tally } from './tally.ts';

/** Runs the plays and shows what happens. What it returns is the exit code. */
export async function runPlaybook<G extends string, V>(
  name: string,
  flags: Flags,
  inventory: Inventory<G, V>,
  plays: readonly PreparedPlay[],
): Promise<number> {
  const played = new Set(inventory.hosts.map((host) => host.name).filter((host) => isPlayed(host, plays)));
  const asked = { pass: flags.askPass, becomePass: flags.askBecomePass };
  const { hosts, options } = await askForAccess(inventory.hosts, played, asked);
  const view = tee([viewFor({ ...flags, stdout: process.stdout }), ...filesOf(flags)]);
  const counts = tally();
  const say = sayTo((event) => {
    counts.show(event);
    view.show(event);
  });
  const names = [...played];
  const began = performance.now();
  say({ type: 'run-start', playbook: name, check: flags.check, hosts: names });
  const fleet = fleetOf(hosts, {
    check: flags.check,
    connection: options,
    connected: (host, ms) => say({ type: 'host-connected', host, ms }),
  });
  const stop = onInterrupt(fleet);
  try {
    await runPlays(newRun({ flags, fleet, inventory: inventory.hosts, say, stop, counts }), plays);
  } finally {
    stop.done();
    await fleet.close();
  }
  const trips = new Map(fleet.opened().map((session) => [session.host, session.trips]));
  const recap = counts.recap(names, trips);
  const exitCode = codeOf(recap, flags, stop.requested());
  say({ type: 'run-end', recap, exitCode, ms: performance.now() - began });
  await view.close();
  return exitCode;
}

/** @throws BadInput when one of them cannot be written */
const filesOf = ({ junit, report, log }: Flags): readonly View[] => [
  ...(junit === undefined ? [] : [junitView(junit)]),
  ...(report === undefined ? [] : [htmlView(report)]),
  ...(log === undefined ? [] : [logView(log)]),
];

const isPlayed = (host: string, plays: readonly PreparedPlay[]): boolean =>
  plays.some((play) => play.hosts.some((each) => each.name === host));

interface Parts {
  readonly flags: Flags;
  readonly fleet: Fleet;
  readonly inventory: readonly HostView[];
  readonly say: Say;
  readonly stop: Stop;
  readonly counts: Tally;
}

function newRun({ flags, fleet, inventory, say, stop, counts }: Parts): Run {
  const lost = new Set<string>();
  return {
    check: flags.check,
    forks: flags.forks,
    fleet,
    inventory,
    lost,
    say,
    changed: new Set(),
    pause: () => {
      if (stop.requested()) throw interrupted('stopped on request', { mend: 'run the same command again to go on' });
    },
    fail: (host, play, error) => {
      lost.add(host);
      say({ type: 'host-failed', host, ...(play === undefined ? {} : { play }), error });
    },
    skip: (host, count) => counts.skip(host, count),
  };
}

function codeOf(recap: readonly Recap[], flags: Flags, wasInterrupted: boolean): number {
  if (wasInterrupted) return 130;
  if (recap.some((host) => host.unreachable)) return 4;
  if (recap.some((host) => host.failed > 0)) return 2;
  return flags.check && flags.exitCode && recap.some((host) => host.changed > 0) ? 5 : 0;
}
