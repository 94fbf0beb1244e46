import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { selectionSchema } from './selection.ts';

const headerSchema = z.object({
  v: z.literal(1),
  type: z.literal('run'),
  playbook: z.string(),
  inventory: z.string(),
  selection: selectionSchema,
  at: z.string(),
  /** konverge's own */
  version: z.string(),
  hosts: z.array(z.string()).readonly(),
  /** it applied this plan, and nothing that is not in it */
  plan: z.string().optional(),
  salt: z.string(),
});
const doneSchema = z.object({
  type: z.literal('role'),
  host: z.string(),
  play: z.string(),
  role: z.string(),
  /** a role may stand in a play twice: 0 is the first */
  nth: z.number(),
  /** fingerprint of all that the role is given on this host */
  inputs: z.string(),
});
const lineSchema = z.discriminatedUnion('type', [
  headerSchema,
  doneSchema,
  z.object({ type: z.literal('end'), at: z.string() }),
]);

export type JournalHeader = z.infer<typeof headerSchema>;
/** A role that is done on a host. */
export type Done = Omit<z.infer<typeof doneSchema>, 'type'>;

export interface PastRun extends JournalHeader {
  readonly done: readonly Done[];
  /** when everything was done; undefined = the run broke off */
  readonly completed: string | undefined;
}

export interface Journal {
  add(done: Done): void;
  end(): void;
}

const kept = 20;

/** `.konverge` beside the inventory. */
export const journalFolder = (inventoryFile: string): string => join(dirname(inventoryFile), '.konverge', 'runs');

/**
 * The journal of a run that begins: one line a role that is done, written at once, so that whatever kills the run loses the
 * role under way and nothing else. Readable for its owner alone; git never sees it. @throws what the file system says
 */
export function newJournal(folder: string, header: JournalHeader, carried: readonly Done[]): Journal {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, '..', '.gitignore'), '*\n', { mode: 0o600 });
  const path = join(folder, `${header.at.replaceAll(/[^0-9TZ]/g, '')}-${process.pid}.jsonl`);
  closeSync(openSync(path, 'wx', 0o600));
  const add = (line: object): void => appendFileSync(path, `${JSON.stringify(line)}\n`);
  add(header);
  for (const done of carried) add({ type: 'role', ...done });
  for (const old of files(folder).slice(0, -kept)) rmSync(join(folder, old), { force: true });
  return {
    add: (done) => add({ type: 'role', ...done }),
    end: () => add({ type: 'end', at: new Date().toISOString() }),
  };
}

/** The last run of this playbook on this inventory; undefined = there is no journal of one. */
export function lastRun(folder: string, playbook: string, inventory: string): PastRun | undefined {
  for (const name of files(folder).toReversed()) {
    const run = parseRun(readFileSync(join(folder, name), 'utf8'));
    if (run?.playbook === playbook && run.inventory === inventory) return run;
  }
  return undefined;
}

/** A line that was torn by a crash, or is of another version, counts for nothing. */
function parseRun(text: string): PastRun | undefined {
  const lines = text.split('\n').flatMap((line) => {
    try {
      return lineSchema.safeParse(JSON.parse(line)).data ?? [];
    } catch {
      return [];
    }
  });
  const [header] = lines;
  if (header?.type !== 'run') return undefined;
  const done = lines.flatMap((line) => (line.type === 'role' ? [line] : []));
  return { ...header, done, completed: lines.find((line) => line.type === 'end')?.at };
}

/** Oldest first. */
function files(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.jsonl'))
      .toSorted();
  } catch {
    return [];
  }
}
