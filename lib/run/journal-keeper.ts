import { asKonvergeError } from '../errors.ts';
import type { RunEvent } from '../report/events.ts';
import { fingerprint, newSalt } from './fingerprint.ts';
import { type Done, type Journal, journalFolder, newJournal, type PastRun } from './journal.ts';
import type { PreparedPlay } from './prepare.ts';
import { numbered } from './resume.ts';
import type { TypedSelection } from './selection.ts';

export interface KeeperOptions {
  readonly playbook: string;
  readonly inventoryFile: string;
  readonly selection: TypedSelection;
  /** the run that this one goes on with, and what it takes over from it */
  readonly resumed?: Resumed | undefined;
}

export interface Resumed {
  readonly run: PastRun;
  readonly carried: readonly Done[];
}

export interface Keeper {
  show(event: RunEvent): void;
  /** everything was done: there is nothing to resume */
  complete(): void;
}

/** Keeps the journal of a run. A journal that cannot be written is no reason not to run: it is told, once. */
export function keeperOf(plays: readonly PreparedPlay[], options: KeeperOptions): Keeper {
  const { playbook, inventoryFile, selection, resumed } = options;
  const salt = resumed?.run.salt ?? newSalt();
  const header = {
    v: 1,
    type: 'run',
    playbook,
    inventory: inventoryFile,
    selection,
    at: new Date().toISOString(),
    salt,
  } as const;
  const carried = resumed?.carried ?? [];
  const due = dueOf(plays, salt, carried);
  let journal: Journal | undefined;
  const attempt = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      journal = undefined;
      process.stderr.write(
        `no journal is kept, so --resume will not know this run: ${asKonvergeError(error).message}\n`,
      );
    }
  };
  attempt(() => {
    journal = newJournal(journalFolder(inventoryFile), header, carried);
  });
  return {
    show(event) {
      if (event.type !== 'role-end' || journal === undefined) return;
      const at = due.findIndex(
        (each) => each.host === event.host && each.play === event.play && each.role === event.role,
      );
      const [done] = at < 0 ? [] : due.splice(at, 1);
      if (done !== undefined) attempt(() => journal?.add(done));
    },
    complete: () => attempt(() => journal?.end()),
  };
}

/** What the run is to do, in the order in which each host does it. */
function dueOf(plays: readonly PreparedPlay[], salt: string, carried: readonly Done[]): Done[] {
  return plays.flatMap((play) =>
    play.hosts.flatMap((host) =>
      numbered(play.stepsOn(host)).map(({ step, nth }) => {
        const key = { host: host.name, play: play.title, role: step.role };
        const before = carried.filter(
          (done) => done.host === key.host && done.play === key.play && done.role === key.role,
        );
        return { ...key, nth: nth + before.length, inputs: fingerprint(salt, step.prepared.vars) };
      }),
    ),
  );
}
