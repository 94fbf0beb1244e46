import { createHash } from 'node:crypto';
import { badInput } from '../errors.ts';
import type { AnyResource, Change, Evidence, Seen } from './contract.ts';
import type { ServiceNote, ServiceState } from './service-state.ts';

/** A resource that the running process depends on, and what tells whether it has this very version of it. */
interface Basis {
  readonly resource: AnyResource;
  readonly evidence: Evidence;
}

/** All that one way of acting (restart or reload) is for. */
export interface Bases {
  readonly all: readonly Basis[];
  /** over everything's wished content */
  readonly digest: string;
  readonly paths: readonly string[];
}

/** @throws BadInput on a resource without evidence */
export function basesOf(unit: string, resources: readonly AnyResource[] = []): Bases {
  const all = resources.map((resource) => {
    const { evidence } = resource;
    if (evidence !== undefined) return { resource, evidence };
    throw badInput(`service ${unit} cannot depend on ${resource.kind} ${resource.id}: it leaves nothing to compare`);
  });
  const hash = createHash('sha256');
  for (const { evidence } of all) hash.update(`${evidence.digest}\n`);
  return { all, digest: hash.digest('hex'), paths: all.flatMap(({ evidence }) => evidence.paths) };
}

/** The restart or the reload that is owed to a unit that is up. The state's `modified` follows restart's paths, then reload's. */
export function owed(state: ServiceState, restart: Bases, reload: Bases, seen: Seen): readonly Change[] {
  const times = state.modified;
  const restarts = causes(restart, times.slice(0, restart.paths.length), state, state.note?.restartDigest, seen);
  if (restarts.length > 0)
    return [{ path: 'restart', from: `runs with older ${restarts.join(', ')}`, to: 'restarted' }];
  const reloads = causes(reload, times.slice(restart.paths.length), state, state.note?.reloadDigest, seen);
  return reloads.length > 0 ? [{ path: 'reload', from: `runs with older ${reloads.join(', ')}`, to: 'reloaded' }] : [];
}

type Times = ServiceState['modified'];

/** What the unit runs with an older version of: ids of resources. */
function causes(
  bases: Bases,
  times: Times,
  state: ServiceState,
  noted: string | undefined,
  seen: Seen,
): readonly string[] {
  const { note } = state;
  const newer = newerOf(bases.all, times, state, seen);
  if (note === undefined || noted === undefined) return newer;
  if (note.invocation !== state.invocation) return noted === bases.digest && isSettled(times, note, state) ? [] : newer;
  // A note on this very invocation outweighs times: a file that was broken by hand and mended asks for no restart.
  if (noted === bases.digest) return [];
  // The digest does not tell which one differs; when none is known to be new, all may be.
  return newer.length > 0 ? newer : bases.all.map(({ resource }) => resource.id);
}

/** A unit that keeps dying has a new invocation each time; nothing was touched since it was given the wished content. */
function isSettled(times: Times, note: ServiceNote, { started }: ServiceState): boolean {
  return times.every((time) => time !== undefined && time <= note.at && started !== undefined && time <= started);
}

function newerOf(all: readonly Basis[], times: Times, { started }: ServiceState, seen: Seen): readonly string[] {
  let at = 0;
  return all.flatMap(({ resource, evidence }) => {
    const own = times.slice(at, at + evidence.paths.length);
    at += evidence.paths.length;
    const isNewer = own.some((time) => time !== undefined && started !== undefined && time > started);
    return isNewer || seen.changed(resource) ? [resource.id] : [];
  });
}
