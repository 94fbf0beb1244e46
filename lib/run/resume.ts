import { badInput } from '../errors.ts';
import { fingerprint } from './fingerprint.ts';
import type { Done, PastRun } from './journal.ts';
import type { PreparedPlay, PreparedStepOn } from './prepare.ts';

/** @throws BadInput when there is nothing to go on with */
export function unfinished(run: PastRun | undefined, playbook: string): PastRun {
  if (run === undefined) {
    throw badInput(`--resume: no run of ${playbook} on this inventory is known here`, {
      mend: 'run it without --resume: what is as wished is left alone anyway',
    });
  }
  if (run.completed !== undefined) {
    throw badInput(`--resume: the last run of ${playbook}, begun ${run.at}, did all it was to do`, {
      mend: 'run it without --resume',
    });
  }
  return run;
}

export interface Rest {
  readonly plays: readonly PreparedPlay[];
  /** what the last run did, and is not done again */
  readonly carried: readonly Done[];
  /** hosts with a role whose vars are others now: from that role on everything runs */
  readonly altered: readonly string[];
}

/** What the last run has left to do: all but the roles that are done, with the same vars and none before them altered. */
export function restOf(plays: readonly PreparedPlay[], run: PastRun): Rest {
  const carried: Done[] = [];
  const altered = new Set<string>();
  const rest = plays.map((play) => {
    const steps = new Map<string, readonly PreparedStepOn[]>();
    for (const host of play.hosts) {
      const left = numbered(play.stepsOn(host)).filter(({ step, nth }) => {
        const inputs = fingerprint(run.salt, step.prepared.vars);
        const key = { host: host.name, play: play.title, role: step.role, nth };
        const before = run.done.find((done) => isSame(done, key));
        if (before !== undefined && before.inputs !== inputs) altered.add(host.name);
        if (before === undefined || altered.has(host.name)) return true;
        carried.push({ ...key, inputs });
        return false;
      });
      steps.set(
        host.name,
        left.map(({ step }) => step),
      );
    }
    return { ...play, stepsOn: (host: { readonly name: string }) => steps.get(host.name) ?? [] };
  });
  return { plays: rest, carried, altered: [...altered] };
}

/** What `--resume` tells before it begins. */
export function restText({ carried, altered }: Rest): string {
  const hosts = new Set(carried.map(({ host }) => host)).size;
  const other = altered.length === 0 ? '' : `; the vars of ${altered.join(', ')} are others now, so more is run there`;
  return `${carried.length} roles on ${hosts} hosts are done${other}\n`;
}

/** Each step with how many of the same role stand before it. */
export const numbered = (steps: readonly PreparedStepOn[]) =>
  steps.map((step, i) => ({ step, nth: steps.slice(0, i).filter(({ role }) => role === step.role).length }));

const isSame = (a: Omit<Done, 'inputs'>, b: Omit<Done, 'inputs'>): boolean =>
  a.host === b.host && a.play === b.play && a.role === b.role && a.nth === b.nth;
