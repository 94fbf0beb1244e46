import pLimit from 'p-limit';
import { asKonvergeError, type KonvergeError } from '../errors.ts';
import type { HostView } from '../inventory/types.ts';
import { batches, tooManyFailed } from '../plan/batches.ts';
import { ownTurn } from '../turns.ts';
import type { Consent } from './asking.ts';
import { withOrigin } from './caller.ts';
import { contextFor, type RunState } from './context.ts';
import type { PreparedPlay, PreparedStepOn } from './prepare.ts';

/** A run under way: what all its plays share, and the hosts it has lost. */
export interface Run extends RunState {
  readonly forks: number;
  /** rejects when the operator will not wait for a role's end */
  readonly abandoned: Promise<never>;
  readonly lost: Set<string>;
  fail(host: string, play: string | undefined, error: KonvergeError): void;
  /** with `--step`: what the operator says of this role */
  readonly consent?: (play: string, role: string) => Promise<Consent>;
  /** roles that were not reached, or not wanted */
  skip(host: string, count: number): void;
}

/**
 * Plays in order, batches in order, the hosts of a batch in parallel, roles in order on each host. A host that fails
 * leaves the run; the others go on. The run stops when a whole batch is lost, or more of it than the play allows.
 */
export async function runPlays(run: Run, plays: readonly PreparedPlay[]): Promise<void> {
  for (const [i, play] of plays.entries()) {
    const began = performance.now();
    const hosts = play.hosts.filter((host) => !run.lost.has(host.name));
    if (hosts.every((host) => play.stepsOn(host).length === 0)) continue;
    run.say({ type: 'play-start', play: play.title, hosts: hosts.map((host) => host.name) });
    const goOn = await runBatches(run, play, hosts);
    run.say({ type: 'play-end', play: play.title, ms: performance.now() - began });
    if (!goOn) return skipRest(run, plays.slice(i + 1));
  }
}

async function runBatches(run: Run, play: PreparedPlay, hosts: readonly HostView[]): Promise<boolean> {
  const { serial, throttle, maxFailPercent = 100, anyErrorsFatal = false } = play.options;
  const limit = pLimit(Math.min(run.forks, throttle ?? run.forks));
  for (const batch of batches(hosts, serial)) {
    await Promise.all(batch.map((host) => limit(() => runHost(run, play, host))));
    const failed = batch.filter((host) => run.lost.has(host.name)).length;
    if (tooManyFailed(failed, batch.length, maxFailPercent)) return false;
    if (failed > 0 && anyErrorsFatal) return false;
  }
  return true;
}

/** Never rejects: p-limit would leave the other hosts running unseen. */
async function runHost(run: Run, play: PreparedPlay, host: HostView): Promise<void> {
  const steps = play.stepsOn(host);
  let done = 0;
  try {
    run.pause();
    for (const step of steps) {
      await Promise.race([runStep(run, play.title, host, step), run.abandoned]);
      done += 1;
    }
  } catch (error) {
    const known = asKonvergeError(error);
    if (known.code === 'Interrupted') run.lost.add(host.name);
    run.skip(host.name, steps.length - done - 1);
    run.fail(host.name, play.title, known.at({ host: host.name }));
  }
}

async function runStep(run: Run, play: string, host: HostView, step: PreparedStepOn): Promise<void> {
  const consent = await run.consent?.(play, step.role);
  // To quit is to ask for a stop.
  if (consent === 'quit') run.pause();
  if (consent !== undefined && consent !== 'run') return run.skip(host.name, 1);
  const opened = await run.fleet.open(host.name);
  // A play begins on all its hosts at once.
  await ownTurn();
  const began = performance.now();
  const trips = opened.session.trips;
  run.say({ type: 'role-start', host: host.name, play, role: step.role });
  const { context, underWay } = contextFor(run, opened, step.role, step.dir);
  try {
    await step.prepared.run(context);
    await underWay.ended();
  } catch (error) {
    await underWay.ended().catch(() => undefined);
    throw withOrigin(asKonvergeError(error).at({ host: host.name, role: step.role }));
  }
  const ms = performance.now() - began;
  run.say({ type: 'role-end', host: host.name, play, role: step.role, ms, trips: opened.session.trips - trips });
}

function skipRest(run: Run, plays: readonly PreparedPlay[]): void {
  for (const play of plays) {
    for (const host of play.hosts) run.skip(host.name, play.stepsOn(host).length);
  }
}
