import { badInput } from '../errors.ts';
import { lines, type Script, sh } from '../sh.ts';
import { atomicWrite } from './atomic-write.ts';
import type { Change, CommandResult, Resource, Writer } from './contract.ts';
import { file } from './file.ts';
import type { FileState } from './file-state.ts';
import { resetters, type SysctlValues, type SysctlWish, sysctlText, sysctlWishes, tokens } from './sysctl-values.ts';
import { evidenceOf, probeWithFile } from './with-file.ts';

/** One key on the host. */
export interface LiveSysctl {
  /** undefined = the kernel has no such key */
  readonly value: string | undefined;
  /** false = this host can only read it: another network namespace's, a read-only /proc/sys */
  readonly writable: boolean;
  /** konverge has tried this very value before: `absent`, no such key; `refused`, the kernel said no */
  readonly tried: 'absent' | 'refused' | undefined;
}

export interface SysctlState {
  readonly file: FileState;
  readonly live: ReadonlyMap<string, LiveSysctl>;
}

/** What `apply` found out: keys that this host cannot set, each with the reason in words. */
export interface SysctlOutcome {
  readonly notSettable: readonly string[];
}

const triedFile = '/var/lib/konverge/sysctl-unsettable';

/**
 * Afterwards /etc/sysctl.d/FILE holds exactly these keys and the kernel says the same of each that this host can set.
 * A key that cannot be set here (container, unknown to the kernel) is in the file all the same, is no failure, and is
 * no change again at the next run: the attempt is recorded on the host. id = file
 * @throws BadInput on a bad key or value, before anything is contacted
 */
export function sysctls(name: string, values: SysctlValues): Resource<SysctlState, SysctlOutcome> {
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]*\.conf$/.test(name)) throw badInput(`not the name of a sysctl.d file: ${name}`);
  const wishes = sysctlWishes(values);
  const itself = file(`/etc/sysctl.d/${name}`, { content: sysctlText(wishes) });
  const probe = probeWithFile(itself, liveScript(wishes));
  return {
    kind: 'sysctls',
    id: name,
    probe: {
      script: probe.script,
      parse(out) {
        const both = probe.parse(out);
        return { file: both.file, live: parseLive(wishes, both.more) };
      },
    },
    diff: (state, seen) => [...itself.diff(state.file, seen), ...liveChanges(wishes, state)],
    async apply(host, changes, state) {
      const keys = new Set(wishes.map(({ key }) => key));
      const ofFile = changes.filter(({ path }) => !keys.has(path));
      if (ofFile.length > 0) await itself.apply(host, ofFile, state.file);
      return setLive(host, toSet(wishes, changes, state), state);
    },
    ...evidenceOf(itself),
  };
}

/**
 * Below /proc/sys: `w PATH` of each that may be written, stat(1)'s `%A %n` of each that is there, then `PATH:LINE` of each
 * line in them, then `KEY=VALUE REASON` of each recorded attempt. A program a key would cost a second on a busy host; and
 * the shell's own `read` takes one byte at a time, of which the kernel answers only the first.
 */
function liveScript(wishes: readonly SysctlWish[]): Script {
  const paths = wishes.map(({ path }) => path);
  // As root, busybox says "writable" of all files; the mode and the mount's options tell the truth.
  return sh`
cd /proc/sys || exit
if ! grep -q '^[^ ]* /proc\(/sys\)\{0,1\} [^ ]* ro[, ]' /proc/mounts; then
  for path in ${paths}; do if [ -w "$path" ]; then printf 'w %s\n' "$path"; fi; done
fi
${paths.length === 0 ? sh`` : sh`stat -c '%A %n' ${paths} 2>/dev/null`}
echo ${mark}
grep -s '' /dev/null ${paths}
echo ${mark}
cat ${triedFile} 2>/dev/null
exit 0`;
}

const mark = '--';

function parseLive(wishes: readonly SysctlWish[], more: readonly string[]): ReadonlyMap<string, LiveSysctl> {
  const first = more.indexOf(mark);
  const second = more.indexOf(mark, first + 1);
  const there = new Set(more.slice(0, first));
  const said = more.slice(first + 1, second);
  const tried = new Set(more.slice(second + 1));
  return new Map(
    wishes.map(({ key, value, path }) => {
      const mode = more.slice(0, first).find((line) => /^-\S+ /.test(line) && line.endsWith(` ${path}`));
      const values = said.filter((line) => line.startsWith(`${path}:`)).map((line) => line.slice(path.length + 1));
      const now = mode === undefined ? undefined : tokens(values.join(' '));
      const writable = there.has(`w ${path}`) && mode?.[2] === 'w';
      const reason = (['absent', 'refused'] as const).find((each) => tried.has(`${key}=${value} ${each}`));
      return [key, { value: now, writable, tried: reason }];
    }),
  );
}

function liveChanges(wishes: readonly SysctlWish[], { live }: SysctlState): readonly Change[] {
  return wishes.flatMap(({ key, value }) => {
    const now = live.get(key);
    if (now === undefined || now.value === value || isBeyondReach(now)) return [];
    return [{ path: key, from: now.value, to: value }];
  });
}

/** An attempt on an absent key says nothing once its module has been loaded. */
function isBeyondReach({ value, writable, tried }: LiveSysctl): boolean {
  if (value === undefined) return tried === 'absent';
  return !writable || tried === 'refused';
}

/** The keys that differ; all of them, when one is among them that resets others. */
function toSet(
  wishes: readonly SysctlWish[],
  changes: readonly Change[],
  { live }: SysctlState,
): readonly SysctlWish[] {
  const paths = new Set(changes.map(({ path }) => path));
  const all = [...resetters].some((key) => paths.has(key));
  return wishes.filter(({ key }) => paths.has(key) || (all && live.get(key)?.writable === true));
}

async function setLive(host: Writer, wishes: readonly SysctlWish[], { live }: SysctlState): Promise<SysctlOutcome> {
  const beyond = [...live].filter(([, { value, writable }]) => value !== undefined && !writable).map(([key]) => key);
  const notes = beyond.map((key) => `${key}: read-only here`);
  if (wishes.length === 0) return { notSettable: notes };
  const result = await host.run(setScript(wishes), { what: `set ${wishes.length} kernel parameters` });
  const failed = parseFailed(wishes, result);
  await record(host, failed);
  return { notSettable: [...notes, ...failed.map(({ key, value, why }) => `${key} = ${value}: ${why}`)] };
}

/** Prints a line for each that could not be set: its number and the reason. */
function setScript(wishes: readonly SysctlWish[]): Script {
  const each = wishes.map(({ path, value }, i) => {
    const f = `/proc/sys/${path}`;
    return sh`if [ ! -e ${f} ]; then echo ${`${i} absent`}; elif ! { printf '%s\n' ${value} >${f}; } 2>/dev/null; then echo ${`${i} refused`}; fi`;
  });
  return lines(...each, sh`exit 0`);
}

interface Failed extends SysctlWish {
  readonly reason: string;
  readonly why: string;
}

function parseFailed(wishes: readonly SysctlWish[], { stdout }: CommandResult): readonly Failed[] {
  const inWords = { absent: 'the kernel has no such key', refused: 'the kernel refuses it here' };
  return stdout
    .toString()
    .split('\n')
    .flatMap((line) => {
      const [at = '', reason = ''] = line.split(' ');
      const wish = at === '' ? undefined : wishes[Number(at)];
      return wish === undefined
        ? []
        : [{ ...wish, reason, why: reason === 'absent' ? inWords.absent : inWords.refused }];
    });
}

/** Replaces what was recorded of these keys, keeps the others (another file's). */
async function record(host: Writer, failed: readonly Failed[]): Promise<void> {
  if (failed.length === 0) return;
  const kept = (await host.run(sh`cat ${triedFile} 2>/dev/null; :`, { what: 'read what could not be set' })).stdout
    .toString()
    .split('\n')
    .filter((line) => line !== '' && !failed.some(({ key }) => line.startsWith(`${key}=`)));
  const added = failed.map(({ key, value, reason }) => `${key}=${value} ${reason}`);
  const content = [...kept, ...added].map((line) => `${line}\n`).join('');
  await atomicWrite(host, triedFile, { content, mode: 0o644, owner: 'root', group: 'root' });
}
