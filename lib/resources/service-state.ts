import { type Script, sh } from '../sh.ts';
import type { Probe } from './contract.ts';

/** What konverge itself last started or reloaded the unit with. */
export interface ServiceNote {
  /** systemd's id of that run of the unit, new with each start */
  readonly invocation: string;
  readonly restartDigest: string;
  readonly reloadDigest: string;
  /** when it was written, microseconds since the epoch */
  readonly at: number;
}

export interface ServiceState {
  /** the unit's own name, where it was asked for by an alias */
  readonly id: string;
  /** LoadState of systemctl(1): loaded, not-found, masked, bad-setting, error */
  readonly load: string;
  /** ActiveState: active, reloading, inactive, failed, activating, deactivating */
  readonly active: string;
  readonly sub: string;
  /** UnitFileState: enabled, static, masked …, empty when there is no unit file */
  readonly file: string;
  readonly invocation: string;
  /** when the running process was started, microseconds since the epoch */
  readonly started: number | undefined;
  readonly note: ServiceNote | undefined;
  /** mtimes of the asked paths, microseconds since the epoch, in the asked order; undefined = no such file */
  readonly modified: readonly (number | undefined)[];
}

const properties =
  'Id,LoadState,ActiveState,SubState,UnitFileState,InvocationID,ExecMainStartTimestamp,InactiveExitTimestamp';

export const notesFolder = '/var/lib/konverge/units';

export function serviceProbe(unit: string, paths: readonly string[]): Probe<ServiceState> {
  const note = `${notesFolder}/${unit}`;
  return {
    script: probeScript(unit, note, paths),
    parse: (out) => parseServiceState(out.toString(), { note, paths }),
  };
}

// TZ and us+utc make the timestamps exact and of one form on every host; stat(1) is asked for the same form, once for all.
function probeScript(unit: string, note: string, paths: readonly string[]): Script {
  return sh`
export TZ=UTC
systemctl show --timestamp=us+utc -p ${properties} -- ${unit} || exit
note=
if [ -f ${note} ]; then IFS= read -r note <${note} || :; fi 2>/dev/null
printf 'note=%s\n' "$note"
stat -c 'at %n=%y' ${[note, ...paths]} 2>/dev/null
exit 0`;
}

/** Source of the format: `systemctl show`, one KEY=VALUE a line (systemctl(1)). */
export function parseServiceState(
  out: string,
  { note, paths }: { readonly note: string; readonly paths: readonly string[] },
): ServiceState {
  const pairs = out.split('\n').map(splitPair);
  const value = (key: string): string => pairs.find(([each]) => each === key)?.[1] ?? '';
  return {
    id: value('Id'),
    load: value('LoadState'),
    active: value('ActiveState'),
    sub: value('SubState'),
    file: value('UnitFileState'),
    invocation: value('InvocationID'),
    started: microseconds(value('ExecMainStartTimestamp')) ?? microseconds(value('InactiveExitTimestamp')),
    note: parseNote(value('note'), microseconds(value(`at ${note}`))),
    modified: paths.map((path) => microseconds(value(`at ${path}`))),
  };
}

function splitPair(line: string): readonly [string, string] {
  const at = line.indexOf('=');
  return at < 0 ? ['', ''] : [line.slice(0, at), line.slice(at + 1)];
}

function parseNote(text: string, at: number | undefined): ServiceNote | undefined {
  const [invocation, restartDigest, reloadDigest] = text.split(' ');
  if (!invocation || !restartDigest || !reloadDigest || at === undefined) return undefined;
  return { invocation, restartDigest, reloadDigest, at };
}

/** `Sun 2026-11-22 14:11:07.036953 UTC` (systemd) and `2026-11-22 14:11:06.988176914 +0000` (stat). */
function microseconds(time: string): number | undefined {
  const [, day, clock, fraction = ''] = /(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d+))?/.exec(time) ?? [];
  if (day === undefined || clock === undefined) return undefined;
  return Date.parse(`${day}T${clock}Z`) * 1000 + Number(fraction.slice(0, 6).padEnd(6, '0'));
}
