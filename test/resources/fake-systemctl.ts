import type { Sandbox } from './sandbox.ts';

/**
 * A stand-in for systemctl(1) and journalctl(1), which do nothing where systemd does not run, and for sleep: it keeps one unit's
 * properties in `$MEMORY/unit` as KEY=VALUE lines, changes them as systemd would, and writes every verb to `$MEMORY/log`.
 * A file `$MEMORY/fail-VERB` makes that verb fail; `$MEMORY/dies` makes the unit fail right after its start.
 */
export async function fakeSystemd(host: Sandbox): Promise<void> {
  await host.standIn('systemctl', systemctl);
  await host.standIn('journalctl', 'echo "journal: $*"');
  await host.standIn('sleep', ':');
}

const systemctl = `
set_property() {
  grep -v "^$1=" "$MEMORY/unit" 2>/dev/null > "$MEMORY/unit.new"
  echo "$1=$2" >> "$MEMORY/unit.new"; mv "$MEMORY/unit.new" "$MEMORY/unit"
}
started() {
  set_property InvocationID "run$(date +%s%N)"
  set_property ExecMainStartTimestamp "$(TZ=UTC date '+%a %Y-%m-%d %H:%M:%S.%6N UTC')"
  set_property ActiveState active
  set_property NRestarts "\${1:-0}"
  if [ -e "$MEMORY/dies" ]; then set_property ActiveState failed; fi
}
verb=$1; shift
if [ "$verb" = show ]; then
  value= keys=
  while [ $# -gt 0 ]; do
    case $1 in --value) value=1 ;; -p) keys=$2; shift ;; esac
    shift
  done
  for key in $(echo "$keys" | tr , ' '); do
    line=$(grep "^$key=" "$MEMORY/unit" 2>/dev/null) || line="$key="
    if [ "$value" ]; then echo "\${line#*=}"; else echo "$line"; fi
  done
  if [ -e "$MEMORY/restarting" ]; then set_property NRestarts "$(date +%N)"; fi
  exit 0
fi
echo "$verb $*" >> "$MEMORY/log"
if [ -e "$MEMORY/fail-$verb" ]; then echo "$verb failed for a reason" >&2; exit 1; fi
case $verb in
  start | restart) started ;;
  stop) set_property ActiveState inactive ;;
  enable) set_property UnitFileState enabled ;;
  disable) set_property UnitFileState disabled ;;
  mask) set_property UnitFileState masked; set_property LoadState masked ;;
  unmask) set_property UnitFileState disabled; set_property LoadState loaded ;;
  daemon-reload) set_property NeedDaemonReload no; set_property LoadState "$(cat "$MEMORY/load" 2>/dev/null || echo loaded)" ;;
  list-units) cat "$MEMORY/list" 2>/dev/null ;;
esac
exit 0`;
