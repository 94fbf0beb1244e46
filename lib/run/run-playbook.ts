import type { Host, HostView } from '../inventory/types.ts';
import type { Recap, RunEvent } from '../report/events.ts';
import { tee, type View, viewFor } from '../report/index.ts';
import { type Access, askForAccess } from './access.ts';
import { askBeforeRoles } from './asking.ts';
import type { Flags } from './flags.ts';
import { type Fleet, type FleetOptions, fleetOf } from './fleet.ts';
import { goingOn } from './going-on.ts';
import { onInterrupt, type Stop, stoppedOnRequest } from './interrupt.ts';
import { type Keeper, keeperOf, type Resumed } from './journal-keeper.ts';
import { runPlanned } from './keep-to-plan.ts';
import { type Plan, plannedIn, writePlan } from './plan-file.ts';
import type { PreparedPlay } from './prepare.ts';
import { restNotes } from './resume.ts';
import { type Say, sayTo } from './say.ts';
import { type Run, runPlays } from './schedule.ts';
import type { TypedSelection } from './selection.ts';
import { standingText } from './standing.ts';
import { type Tally, tally } from './tally.ts';

/** A playbook that is about to run: selected, prepared, nothing contacted yet. */
export interface Work {
  readonly playbook: string;
  readonly flags: Flags;
  readonly selection: TypedSelection;
  readonly inventory: readonly Host[];
  readonly inventoryFile: string;
  /** see `codeOf` */
  readonly code: string;
  readonly plays: readonly PreparedPlay[];
  /** with `--plan` */
  readonly plan?: Plan | undefined;
  /** with `--resume` */
  readonly resumed?: Resumed | undefined;
}

/** Runs the plays and shows what happens. What it returns is the exit code. */
export async function runPlaybook(work: Work): Promise<number> {
  const { flags, inventory, plays } = work;
  const names = inventory.map((host) => host.name).filter((host) => isPlayed(host, work));
  const access = await askForAccess(inventory, new Set(names), {
    pass: flags.askPass,
    becomePass: flags.askBecomePass,
  });
  const view = await viewsOf(flags);
  const counts = tally();
  const keeper = flags.check ? undefined : keeperOf(plays, work);
  const events: RunEvent[] = [];
  const say = sayTo((event) => {
    counts.show(event);
    keeper?.show(event);
    if (flags.out !== undefined) events.push(event);
    view.show(event);
  });
  const began = performance.now();
  say({ type: 'run-start', playbook: work.playbook, check: flags.check, hosts: names });
  const fleet = fleetOf(
    access.hosts,
    fleetOptions(flags, access, say, () => stop.requested()),
  );
  const stop = onInterrupt(fleet, (text) => say({ type: 'stopping', text }));
  try {
    const run = newRun({ flags, fleet, inventory, say, stop, counts, keeper });
    tellResumed(work.resumed, say, counts);
    await (work.plan === undefined ? runPlays(run, plays) : runPlanned(run, plays, work.plan));
  } finally {
    stop.done();
    await fleet.close();
  }
  const trips = new Map(fleet.opened().map((session) => [session.host, session.trips]));
  const recap = counts.recap(names, trips);
  const exitCode = codeOf(recap, flags, stop.requested());
  say({ type: 'run-end', recap, exitCode, ms: performance.now() - began });
  await view.close();
  conclude(work, exitCode, keeper, events);
  return exitCode;
}

const fleetOptions = (flags: Flags, { options }: Access<Host>, say: Say, stopped: () => boolean): FleetOptions => ({
  check: flags.check,
  connection: options,
  connected: (host, ms) => say({ type: 'host-connected', host, ms }),
  waiting: (host, text) => say({ type: 'note', host, role: 'connection', text }),
  stopped,
});

/** What a run leaves for the next one. @throws BadInput when the plan cannot be written */
function conclude(work: Work, exitCode: number, keeper: Keeper | undefined, events: readonly RunEvent[]): void {
  const { flags, playbook, selection, inventory } = work;
  const isWell = exitCode === 0 || exitCode === 5;
  const standings = keeper?.standings() ?? [];
  if (exitCode === 130) process.stderr.write(standingText(standings));
  const leftOut = [...new Set(standings.flatMap((each) => each.leftOut))];
  if (keeper?.end() === true) process.stderr.write(goingOn(flags, leftOut));
  if (flags.out === undefined) return;
  if (!isWell) {
    process.stderr.write(`no plan was written to ${flags.out}: not every host could be checked\n`);
    return;
  }
  const hosts = inventory.filter(({ name }) => isPlayed(name, work));
  writePlan(flags.out, { playbook, selection, hosts }, plannedIn(events));
}

/** What the run that is gone on with has done: a note a host, and counted as skipped. */
function tellResumed(resumed: Resumed | undefined, say: Say, counts: Tally): void {
  if (resumed === undefined) return;
  for (const { host, text } of restNotes(resumed)) say({ type: 'note', host, role: 'resume', text });
  for (const { host } of resumed.carried) counts.skip(host, 1);
}

/** What is printed, and what goes to files. A question needs its line for itself, so `--step` takes the plain view. */
async function viewsOf(flags: Flags): Promise<View> {
  const files = await filesOf(flags);
  return tee([viewFor({ ...flags, plain: flags.plain || flags.step, stdout: process.stdout }), ...files]);
}

/** @throws BadInput when one of them cannot be written */
async function filesOf({ junit, report, log }: Flags): Promise<readonly View[]> {
  if (junit === undefined && report === undefined && log === undefined) return [];
  const { htmlView, junitView, logView } = await import('../report/files.ts');
  return [
    ...(junit === undefined ? [] : [junitView(junit)]),
    ...(report === undefined ? [] : [htmlView(report)]),
    ...(log === undefined ? [] : [logView(log)]),
  ];
}

const isPlayed = (host: string, { plays }: Work): boolean =>
  plays.some((play) => play.hosts.some((each) => each.name === host));

interface Parts {
  readonly flags: Flags;
  readonly fleet: Fleet;
  readonly inventory: readonly HostView[];
  readonly say: Say;
  readonly stop: Stop;
  readonly counts: Tally;
  readonly keeper: Keeper | undefined;
}

function newRun({ flags, fleet, inventory, say, stop, counts, keeper }: Parts): Run {
  const lost = new Set<string>();
  const ask = flags.step ? askBeforeRoles({ input: process.stdin, output: process.stdout }) : undefined;
  return {
    ...(ask === undefined
      ? {}
      : {
          consent: async (play, role) => {
            const consent = await ask(play, role);
            if (consent === 'quit') stop.request();
            if (consent === 'skip') keeper?.leaveOut(play, role);
            return consent;
          },
        }),
    check: flags.check,
    abandoned: stop.abandoned,
    forks: flags.forks,
    fleet,
    inventory,
    lost,
    say,
    changed: new Set(),
    pause: () => {
      if (stop.requested()) throw stoppedOnRequest(flags);
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
