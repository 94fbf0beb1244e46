import { connectionLost, type KonvergeError } from '../errors.ts';
import { type Script, sh } from '../sh.ts';

/** A shell that we can no longer talk to, and what is to become of it. */
export interface Orphan {
  /** `PID STARTTIME BOOT_ID` */
  readonly id: string;
  /** false = it may be in the middle of an apply: let it end by itself */
  readonly kill: boolean;
}

// proc(5): the fields of /proc/PID/stat after the name in brackets are state, ppid, pgrp, session, …, start time (20th).
const sameProcess = (id: string): Script => sh`
set -- ${id.split(' ')}
pid=$1 start=$2 boot=$3
field() {
  line=
  { read -r line </proc/"$1"/stat; } 2>/dev/null
  line=\${line##*) }
  wanted=$2
  set -- $line
  [ $# -ge "$wanted" ] || { value=; return; }
  shift $((wanted - 1))
  value=$1
}
same() {
  read -r now </proc/sys/kernel/random/boot_id
  [ "$now" = "$boot" ] || return 1
  field "$pid" 20
  [ "$value" = "$start" ] || return 1
  field "$pid" 1
  [ "$value" != Z ]
}`;

/** Adds to `all` every process that is to go, and stops it, until a whole look at /proc finds no further one. */
const gather: Script = sh`
all=" $pid "
grew=yes
while [ -n "$grew" ]; do
  grew=
  for stat in /proc/[0-9]*/stat; do
    each=\${stat#/proc/}
    each=\${each%/stat}
    case $all in *" $each "*) continue ;; esac
    [ "$each" != $$ ] || continue
    line=
    { read -r line <"$stat"; } 2>/dev/null
    set -- \${line##*) }
    [ $# -ge 4 ] || continue
    case $all in *" $2 "*) ;; *) [ "$4" = "$session" ] || continue ;; esac
    kill -STOP "$each" 2>/dev/null
    all="$all$each "
    grew=yes
  done
done`;

/**
 * Afterwards neither the shell nor anything it started runs: its descendants, and whatever shares its session(7) and so
 * was its descendant before the parent between them died. All are stopped first, so that none forks while we count.
 * Prints what could not be killed within three seconds (a process in uninterruptible sleep).
 */
export function killScript(id: string): Script {
  return sh`${sameProcess(id)}
same || exit 0
field "$pid" 2; parent=$value
field "$parent" 2; grand=$value
field "$pid" 4; session=$value
[ "$session" -gt 1 ] && case " $pid $parent $grand " in *" $session "*) ;; *) session=-1 ;; esac
kill -STOP "$pid"
${gather}
kill -KILL $all 2>/dev/null
tries=30
while [ "$tries" -gt 0 ]; do
  left=
  for each in $all; do
    field "$each" 1
    case $value in ''|Z|X) ;; *) left="$left $each" ;; esac
  done
  [ -n "$left" ] || exit 0
  tries=$((tries - 1))
  sleep 0.1
done
echo "$left"
exit 1`;
}

/** Waits for the shell to end by itself; exit 1 when it still runs after `seconds`. */
export function awaitScript(id: string, seconds: number): Script {
  return sh`${sameProcess(id)}
tries=${Math.ceil(seconds * 5)}
while same; do
  [ "$tries" -gt 0 ] || exit 1
  tries=$((tries - 1))
  sleep 0.2
done`;
}

export function stillAtWork(host: string, orphan: Orphan): KonvergeError {
  const pid = orphan.id.split(' ')[0] ?? '';
  return connectionLost(`${host}: the command that was cut off is still at work there (process ${pid})`, {
    place: { host },
    touched: true,
    mend: `wait until it has ended (ps --ppid ${pid}), then run again`,
  });
}
