import { existsSync, lstatSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A secret that is looked for, in all the ways it may be spelt. */
export interface Canary {
  readonly name: string;
  readonly value: string;
}

/** What of these canaries is in the bytes: `plain (base64)`. */
export function canariesIn(bytes: Buffer, canaries: readonly Canary[]): readonly string[] {
  const text = bytes.toString('latin1');
  return canaries.flatMap((canary) =>
    [...spellingsOf(canary)].flatMap(([spelling, needle]) =>
      text.includes(needle) ? [`${canary.name} (${spelling})`] : [],
    ),
  );
}

/** Found once for each canary: it is looked for thousands of times. */
const spelt = new WeakMap<Canary, ReadonlyMap<string, string>>();

function spellingsOf(canary: Canary): ReadonlyMap<string, string> {
  const known = spelt.get(canary) ?? spell(canary.value);
  spelt.set(canary, known);
  return known;
}

/** Base64 at each of its three alignments, without the ends that depend on what stands beside it. */
function spell(value: string): ReadonlyMap<string, string> {
  const shifted = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), Buffer.from(value)]).toString('base64');
    return [`base64 +${shift}`, text.slice(shift === 0 ? 0 : 4, -4)] as const;
  });
  const latin = (text: string): string => Buffer.from(text).toString('latin1');
  return new Map([
    ['raw', latin(value)],
    ['its middle', latin(value.slice(4, -4))],
    ['URL', latin(encodeURIComponent(value))],
    ['JSON', latin(JSON.stringify(value).slice(1, -1))],
    ['HTML', latin(value.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll("'", '&#39;'))],
    ...shifted,
  ]);
}

export interface Watch {
  /** Afterwards nothing is watched; what was seen is told. */
  readonly stop: () => Promise<Sightings>;
}

export interface Sightings {
  /** `argv of 17 sudo …: plain (raw)` */
  readonly leaks: readonly string[];
  /** command lines of the host side: what there was to see */
  readonly hostSide: ReadonlySet<string>;
  readonly looks: number;
}

export interface Watched {
  /** in no command line of the machine, in no environment of the host side */
  readonly canaries: readonly Canary[];
  /** the host side is this process and all below it */
  readonly sshd: number;
  /** what holds a canary in it is never to be read by others; `at-work` in it goes once all has been looked at */
  readonly folder: string;
}

/** Between two looks, so that what is watched has the processor too. */
const restMs = 10;

/** Looks at the processes of the machine and the files of the host, over and over. */
export function watch(watched: Watched): Watch {
  const leaks = new Set<string>();
  const hostSide = new Set<string>();
  const known: Known = new Map();
  const progress = { looks: 0, isOver: false };
  const watching = (async () => {
    const atWork = join(watched.folder, 'at-work');
    for (; !progress.isOver; progress.looks++) {
      const waitsForUs = existsSync(atWork);
      for (const leak of look(watched, hostSide, known)) leaks.add(leak);
      if (waitsForUs) rmSync(atWork);
      await sleep(restMs);
    }
  })();
  return {
    async stop() {
      progress.isOver = true;
      await watching;
      return { leaks: [...leaks], hostSide, looks: progress.looks };
    },
  };
}

/** What the last look saw of a process, so that this one need not look for canaries in the same words again. */
type Known = Map<number, { readonly argv: Buffer; readonly onHostSide: boolean | undefined }>;

function look({ canaries, sshd, folder }: Watched, hostSide: Set<string>, known: Known): readonly string[] {
  const leaks: string[] = [];
  const pids = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  const there = new Set(pids);
  for (const pid of known.keys()) if (!there.has(pid)) known.delete(pid);
  for (const pid of pids) {
    const before = known.get(pid);
    const argv = bytesOf(`/proc/${pid}/cmdline`);
    const told = (what: string, found: readonly string[]) =>
      found.map((each) => `${what} of ${pid} ${argv.toString('latin1', 0, 60).replaceAll('\0', ' ')}: ${each}`);
    if (before?.argv.equals(argv) !== true) leaks.push(...told('argv', canariesIn(argv, canaries)));
    const onHostSide = before?.onHostSide ?? isBelow(sshd, pid);
    known.set(pid, { argv, onHostSide });
    if (onHostSide !== true) continue;
    hostSide.add(argv.toString('latin1').replaceAll('\0', ' ').trim());
    leaks.push(...told('environment', canariesIn(bytesOf(`/proc/${pid}/environ`), canaries)));
  }
  return [...leaks, ...openFiles(folder, canaries)];
}

/** Files below the folder that hold a canary and that others than their owner may read. */
export function openFiles(folder: string, canaries: readonly Canary[]): readonly string[] {
  return filesBelow(folder).flatMap((file) => {
    const mode = modeOf(file);
    if ((mode & 0o077) === 0) return [];
    const found = canariesIn(bytesOf(file), canaries);
    return found.map((each) => `${file} (mode ${mode.toString(8)}): ${each}`);
  });
}

/** Files below the folder, links not followed. */
export function filesBelow(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesBelow(path);
      return entry.isFile() ? [path] : [];
    });
  } catch {
    return [];
  }
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    // gone meanwhile
    return Buffer.alloc(0);
  }
}

function modeOf(file: string): number {
  try {
    return lstatSync(file).mode & 0o777;
  } catch {
    return 0;
  }
}

/** Whether the process is `top` or descends from it; undefined = one in between has just ended. */
function isBelow(top: number, pid: number): boolean | undefined {
  if (pid === top) return true;
  if (pid <= 1) return pid >= 0 ? false : undefined;
  return isBelow(top, parentOf(pid));
}

/** -1 = the process is gone. */
function parentOf(pid: number): number {
  const text = bytesOf(`/proc/${pid}/stat`).toString('latin1');
  return text === '' ? -1 : Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1]);
}

export const isPrivate = (file: string): boolean => (statSync(file).mode & 0o777) === 0o600;
