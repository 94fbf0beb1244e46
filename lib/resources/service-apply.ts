import { commandFailed } from '../errors.ts';
import { lines, type Script, sh } from '../sh.ts';
import type { Change, Writer } from './contract.ts';
import { notesFolder, type ServiceState } from './service-state.ts';

export interface Digests {
  readonly restart: string;
  readonly reload: string;
}

export interface ServiceWork {
  readonly unit: string;
  readonly changes: readonly Change[];
  readonly state: ServiceState;
  /** undefined = nothing to compare with, no note is kept */
  readonly digests: Digests | undefined;
  /** false = the unit may die at once again, that is its own affair (kubelet before it is configured) */
  readonly mustStayUp: boolean;
}

/** What the script exits with when systemctl refused; its output then holds the reason and the journal. */
const refusedCode = 91;

/** One round trip. @throws CommandFailed with systemd's words and the unit's last 20 journal lines */
export async function applyService(host: Writer, work: ServiceWork): Promise<void> {
  const script = applyScript(work);
  const result = await host.run(script, { okCodes: [0, refusedCode], what: `systemctl: ${work.unit}` });
  if (result.code === 0) return;
  const [what = '', ...said] = result.stdout.toString().split('\n');
  throw commandFailed(`${work.unit} ${what}`, {
    ran: script.text,
    said: said.join('\n').trim(),
    mend: mendFor(work),
    touched: true,
  });
}

function mendFor({ unit, state }: ServiceWork): string {
  return state.load === 'not-found'
    ? `install what brings ${unit}, or correct its name`
    : `mend what the journal names (on the host: journalctl -u ${unit}), then run again`;
}

function applyScript({ unit, changes, state, digests, mustStayUp }: ServiceWork): Script {
  const to = (path: string): string | undefined => changes.find((each) => each.path === path)?.to;
  const id = state.id || unit;
  const starts = to('running') === 'active' || to('restart') !== undefined || to('reload') !== undefined;
  return lines(
    prelude(unit),
    to('running') === 'inactive' ? sh`systemctl stop -- ${unit} || refuse 'could not be stopped'` : sh``,
    to('enabled') === 'disabled' ? sh`systemctl disable -- ${id} || refuse 'could not be disabled'` : sh``,
    to('masked') === 'yes' ? sh`systemctl mask -- ${id} || refuse 'could not be masked'` : sh``,
    to('masked') === 'no' ? sh`systemctl unmask -- ${id} || refuse 'could not be unmasked'` : sh``,
    to('enabled') === 'enabled' ? sh`systemctl enable -- ${id} || refuse 'could not be enabled'` : sh``,
    to('running') === 'active' ? startScript(unit) : sh``,
    to('restart') === undefined ? sh`` : restartScript(unit),
    to('reload') === undefined ? sh`` : reloadScript(unit),
    digests === undefined ? sh`` : noteScript(unit, digests),
    starts && mustStayUp ? staysUp(unit) : sh``,
  );
}

function prelude(unit: string): Script {
  return sh`
said=$(mktemp) || exit
trap 'rm -f "$said"' EXIT
exec 3>&1 >"$said" 2>&1
property() { systemctl show --value -p "$1" -- ${unit} 2>/dev/null; }
refuse() {
  { printf '%s\n' "$1"; cat "$said"; journalctl -u ${unit} -n 20 --no-pager; } >&3 2>&1
  exit ${refusedCode}
}
if [ "$(property NeedDaemonReload)" = yes ]; then
  systemctl daemon-reload || refuse 'could not be loaded anew by systemd'
fi`;
}

// A start limit that was hit before (failed, start-limit-hit) would refuse the start.
const startScript = (unit: string): Script => sh`
systemctl reset-failed -- ${unit} >/dev/null 2>&1
systemctl start -- ${unit} || refuse 'did not start'`;

const restartScript = (unit: string): Script => sh`
systemctl reset-failed -- ${unit} >/dev/null 2>&1
systemctl restart -- ${unit} || refuse 'did not restart'`;

const reloadScript = (unit: string): Script => sh`
systemctl reload-or-restart -- ${unit} || refuse 'did not reload'`;

/**
 * After every apply: whatever was owed is done by now, and the next start reads all anew. Written before anything that
 * may still fail, as the next run must know what this invocation was started with. `-` = the unit is not up.
 */
function noteScript(unit: string, digests: Digests): Script {
  const path = `${notesFolder}/${unit}`;
  return sh`
invocation=$(property InvocationID)
mkdir -p ${notesFolder} && printf '%s %s %s\n' "\${invocation:--}" ${digests.restart} ${digests.reload} > ${path}.new &&
mv -f ${path}.new ${path} || refuse 'is as wished, but the note of it could not be written'`;
}

/** Type=simple counts as started once forked; a program that dies at its first line needs a moment to do so. */
function staysUp(unit: string): Script {
  return sh`
restarts=$(property NRestarts)
for moment in 0.2 0.3 0.5; do
  sleep "$moment"
  case $(property ActiveState) in
    active | reloading) ;;
    *) systemctl --no-pager --lines=0 status -- ${unit}; refuse 'did not stay up after its start' ;;
  esac
done
if [ "$(property NRestarts)" != "$restarts" ]; then refuse 'keeps dying and being restarted'; fi`;
}
