import type { Session } from '../connection/session.ts';
import { asKonvergeError, didNotConverge, type KonvergeError } from '../errors.ts';
import type { ResourceStatus } from '../report/events.ts';
import type { AnyResource, Change, Outcome, Seen } from '../resources/contract.ts';
import { nameOf, parseAll } from './answers.ts';
import type { Bench } from './bench.ts';
import { writerFor } from './writer.ts';

/**
 * All probes go in ONE round trip. Under `--check` it ends with the diffs; otherwise what differs is applied in order,
 * and everything up to the next difference is probed again in the same trip as the apply, because the apply may have
 * changed it. After its apply a resource's own diff must be empty.
 * @throws KonvergeError ProbeFailed, CommandFailed, DidNotConverge, ConnectionLost, TimedOut, Interrupted
 */
export async function ensureAll(bench: Bench, resources: readonly AnyResource[]): Promise<readonly Outcome<unknown>[]> {
  bench.pause();
  const seen: Seen = { changed: (resource) => bench.changed.has(resource) };
  const states = await probeAll(bench.session, resources);
  const outcomes: Outcome<unknown>[] = [];
  for (const [i, resource] of resources.entries()) {
    const began = performance.now();
    try {
      const changes = bench.check && resource.gate === true ? [] : resource.diff(states[i], seen);
      outcomes.push(await settle(bench, resources, states, i, changes, seen));
      if (resource.gate !== true && changes.length > 0) bench.changed.add(resource);
      bench.report(resource, statusOf(bench, resource, changes), changes, performance.now() - began);
    } catch (error) {
      const known = asKonvergeError(error).at({ resource: nameOf(resource) });
      bench.report(resource, 'failed', [], performance.now() - began);
      throw known;
    }
  }
  return outcomes;
}

function statusOf(bench: Bench, resource: AnyResource, changes: readonly Change[]): ResourceStatus {
  if (changes.length === 0 || resource.gate === true) return 'ok';
  return bench.check ? 'would-change' : 'changed';
}

async function settle(
  bench: Bench,
  resources: readonly AnyResource[],
  states: unknown[],
  i: number,
  changes: readonly Change[],
  seen: Seen,
): Promise<Outcome<unknown>> {
  const resource = resources[i];
  if (resource === undefined || changes.length === 0) return { status: 'ok', out: undefined };
  if (bench.check) return { status: 'would-change', out: undefined };
  bench.pause();
  if (resource.gate !== true) bench.allow(resource);
  const after: Seen = { changed: (other) => other === resource || seen.changed(other) };
  const next = resources.findIndex((later, k) => k > i && later.diff(states[k], after).length > 0);
  const again = resources.slice(i, next === -1 ? resources.length : next + 1);
  const applied = await applyOnce(bench, resource, changes, states[i], again);
  for (const [k, state] of applied.states.entries()) states[i + k] = state;
  const left = resource.diff(states[i], after);
  if (left.length > 0) throw notConverged(resource, left, applied.said);
  return applied.outcome;
}

const unchanged = { status: 'ok', out: undefined } as const;

interface Applied {
  /** what the last command of the apply printed */
  readonly said: string;
  readonly outcome: Outcome<unknown>;
  readonly states: readonly unknown[];
}

async function applyOnce(
  bench: Bench,
  resource: AnyResource,
  changes: readonly Change[],
  state: unknown,
  again: readonly AnyResource[],
  retried = false,
): Promise<Applied> {
  const writer = writerFor(bench, again);
  try {
    const out = await resource.apply(writer, changes, state);
    const states = writer.states() ?? (await probeAll(bench.session, again));
    const outcome = resource.gate === true ? unchanged : ({ status: 'changed', out } as const);
    return { outcome, states, said: writer.said() };
  } catch (error) {
    const known = asKonvergeError(error);
    if (known.code !== 'ConnectionLost' || retried) throw touchedBy(known, writer.wrote());
    // The apply may or may not have happened: ask the host, and apply only what is still missing, once.
    const states = await probeAll(bench.session, again);
    const left = resource.diff(states[0], { changed: (other) => bench.changed.has(other) });
    if (left.length === 0) return { outcome: unchanged, states, said: '' };
    return applyOnce(bench, resource, left, states[0], again, true);
  }
}

function touchedBy(error: KonvergeError, wrote: boolean): KonvergeError {
  return error.details.touched === undefined ? error.with({ touched: wrote }) : error;
}

async function probeAll(session: Session, resources: readonly AnyResource[]): Promise<unknown[]> {
  if (resources.length === 0) return [];
  const results = await session.run(
    resources.map((resource) => resource.probe.script),
    { repeatable: true },
  );
  return parseAll(resources, results);
}

function notConverged(resource: AnyResource, left: readonly Change[], said: string): KonvergeError {
  const still = left.map((change) => `${change.path} is ${change.from ?? 'absent'}, wished ${change.to ?? 'absent'}`);
  const isCommand = resource.kind === 'command';
  const message = isCommand
    ? 'it was run, exited 0, and its `unless` still does not hold'
    : `it was changed and is still not as wished: ${still.join('; ')}`;
  return didNotConverge(message, {
    ...(said === '' ? {} : { said }),
    mend: isCommand
      ? '`unless` must exit 0 once `run` has done its work: see what it said, and try both by hand'
      : 'something else on the host changes it back, or the host cannot do it; see what it said',
    place: { resource: nameOf(resource) },
  });
}
