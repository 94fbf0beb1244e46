import { asKonvergeError } from '../errors.ts';
import type { RunEvent } from '../report/events.ts';
import { newSalt } from './fingerprint.ts';
import type { Flags } from './flags.ts';
import { inputsWith, type Surroundings, version } from './inputs.ts';
import { type Done, type Journal, journalFolder, newJournal, type PastRun } from './journal.ts';
import type { PreparedPlay } from './prepare.ts';
import { numbered, type Rest } from './resume.ts';
import type { TypedSelection } from './selection.ts';
import { type Standing, standings } from './standing.ts';

export interface KeeperOptions extends Surroundings {
  readonly playbook: string;
  readonly inventoryFile: string;
  readonly selection: TypedSelection;
  readonly flags: Pick<Flags, 'plan'>;
  /** the run that this one goes on with, and what it takes over from it */
  readonly resumed?: Resumed | undefined;
}

export interface Resumed extends Omit<Rest, 'plays'> {
  readonly run: PastRun;
}

export interface Keeper {
  show(event: RunEvent): void;
  /** the operator does not want this role: it stays to be done by `--resume` */
  leaveOut(play: string, role: string): void;
  /** where each host stands */
  standings(): readonly Standing[];
  /** The run has ended: where every role is done, the journal says so. true = `--resume` can go on with it */
  end(): boolean;
}

/** Keeps the journal of a run. A journal that cannot be written is no reason not to run: it is told, once. */
export function keeperOf(plays: readonly PreparedPlay[], options: KeeperOptions): Keeper {
  const salt = options.resumed?.run.salt ?? newSalt();
  const due = dueOf(plays, options, salt);
  const underWay = new Map<string, string>();
  const leftOut = new Set<string>();
  const nameOf = (play: string, role: string): string => JSON.stringify([play, role]);
  let journal: Journal | undefined;
  const attempt = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      journal = undefined;
      const why = asKonvergeError(error).message;
      process.stderr.write(`no journal is kept, so --resume will not know this run: ${why}\n`);
    }
  };
  attempt(() => {
    journal = begin(options, salt, [...due.keys()]);
  });
  return {
    show(event) {
      if (event.type === 'role-start') underWay.set(event.host, event.role);
      if (event.type !== 'role-end') return;
      underWay.delete(event.host);
      const left = due.get(event.host) ?? [];
      const at = left.findIndex((each) => each.play === event.play && each.role === event.role);
      const [done] = at < 0 ? [] : left.splice(at, 1);
      if (done !== undefined) attempt(() => journal?.add(done));
    },
    leaveOut: (play, role) => leftOut.add(nameOf(play, role)),
    standings: () => standings(due, underWay, ({ play, role }) => leftOut.has(nameOf(play, role))),
    end() {
      const isDone = [...due.values()].every((left) => left.length === 0);
      if (isDone) attempt(() => journal?.end());
      return !isDone && journal !== undefined && options.flags.plan === undefined;
    },
  };
}

function begin(options: KeeperOptions, salt: string, hosts: readonly string[]): Journal {
  const { playbook, inventoryFile: inventory, selection, flags, resumed } = options;
  const plan = flags.plan === undefined ? {} : { plan: flags.plan };
  const at = new Date().toISOString();
  const header = { v: 1, type: 'run', playbook, inventory, selection, at, version, hosts, ...plan, salt } as const;
  return newJournal(journalFolder(inventory), header, resumed?.carried ?? []);
}

/** What the run is to do: host → its roles, in their order. */
function dueOf(plays: readonly PreparedPlay[], options: KeeperOptions, salt: string): ReadonlyMap<string, Done[]> {
  const inputsOf = inputsWith(salt, options);
  const carried = new Map<string, number>();
  const keyOf = (key: Pick<Done, 'host' | 'play' | 'role'>): string => JSON.stringify([key.host, key.play, key.role]);
  for (const done of options.resumed?.carried ?? []) carried.set(keyOf(done), (carried.get(keyOf(done)) ?? 0) + 1);
  const due = new Map<string, Done[]>();
  for (const play of plays) {
    for (const host of play.hosts) {
      const left = due.get(host.name) ?? [];
      due.set(host.name, left);
      for (const { step, nth } of numbered(play.stepsOn(host))) {
        const key = { host: host.name, play: play.title, role: step.role };
        left.push({ ...key, nth: nth + (carried.get(keyOf(key)) ?? 0), inputs: inputsOf(step) });
      }
    }
  }
  return due;
}
