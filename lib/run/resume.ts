import { badInput } from '../errors.ts';
import { inputsWith, type Surroundings } from './inputs.ts';
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
    throw badInput(`--resume: the last run of ${playbook} did all it was to do, at ${run.completed}`, {
      mend: 'run it without --resume',
    });
  }
  if (run.plan !== undefined) {
    throw badInput(
      `--resume: the last run of ${playbook} applied the plan ${run.plan}, and only a plan may go on there`,
      {
        mend: 'make one of what is left (--check --out FILE), and apply that; or run it without --resume',
      },
    );
  }
  return run;
}

export interface Rest {
  readonly plays: readonly PreparedPlay[];
  /** what the last run did, and is not done again */
  readonly carried: readonly Done[];
  /** host → its first role that is given something else now: from that role on everything runs */
  readonly altered: ReadonlyMap<string, string>;
}

/** What the last run has left to do: all but the roles that are done, given the same and none before them altered. */
export function restOf(plays: readonly PreparedPlay[], run: PastRun, surroundings: Surroundings): Rest {
  const carried: Done[] = [];
  const altered = new Map<string, string>();
  const inputsOf = inputsWith(run.salt, surroundings);
  const rest = plays.map((play) => {
    const steps = new Map<string, readonly PreparedStepOn[]>();
    for (const host of play.hosts) {
      const left = numbered(play.stepsOn(host)).filter(({ step, nth }) => {
        const inputs = inputsOf(step);
        const key = { host: host.name, play: play.title, role: step.role, nth };
        const before = run.done.find((done) => isSame(done, key));
        const isOther = before !== undefined && before.inputs !== inputs;
        if (isOther && !altered.has(host.name)) altered.set(host.name, step.role);
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
  return { plays: rest, carried, altered };
}

/** What `--resume` tells of each host that the last run got somewhere with. */
export function restNotes({ carried, altered }: Omit<Rest, 'plays'>): readonly { host: string; text: string }[] {
  const counts = new Map([...altered.keys()].map((host) => [host, 0]));
  for (const { host } of carried) counts.set(host, (counts.get(host) ?? 0) + 1);
  return [...counts].map(([host, count]) => {
    const role = altered.get(host);
    const other =
      role === undefined ? '' : `; ${role} is given other vars, hosts or code now: it runs again, and all after it`;
    return { host, text: `${count} ${count === 1 ? 'role is' : 'roles are'} done already${other}` };
  });
}

/** Each step with how many of the same role stand before it. */
export const numbered = (steps: readonly PreparedStepOn[]) =>
  steps.map((step, i) => ({ step, nth: steps.slice(0, i).filter(({ role }) => role === step.role).length }));

const isSame = (a: Omit<Done, 'inputs'>, b: Omit<Done, 'inputs'>): boolean =>
  a.host === b.host && a.play === b.play && a.role === b.role && a.nth === b.nth;
