import { quote } from '../sh.ts';

const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export type Escalation =
  | { readonly kind: 'none' }
  /** `prompt` is what sudo prints when it wants the password */
  | { readonly kind: 'sudo'; readonly prompt?: string | undefined };

/**
 * The command line that turns a login shell, whatever its kind, into our `sh`. It holds neither single quotes inside nor
 * backslashes nor exclamation marks, which csh and fish read differently. Root never needs sudo.
 */
export function bootCommand(marker: string, escalation: Escalation): string {
  return `exec sh -c '${escalate(escalation)}' sh '${settle(marker)}'`;
}

/** What the shell says when it is up: its identity (proc(5): pid, start time; boot id) and who it is. */
export const readyLine = (marker: string): RegExp =>
  new RegExp(`${marker} ready (?<id>\\d+ \\d+ \\S+) (?<uid>\\d+)\\n`);

/** Lets the shell go on: until then it reads lines and drops them, a password that sudo did not want among them. */
export const startLine = (marker: string): string => `${marker}\n`;

function escalate(escalation: Escalation): string {
  const locale = 'LC_ALL=C; export LC_ALL;';
  if (escalation.kind === 'none') return `${locale} exec sh -c "$1"`;
  const flags = escalation.prompt === undefined ? '-n' : `-S -p ${quote(escalation.prompt)}`;
  return `${locale} if [ "$(id -u)" = 0 ]; then exec sh -c "$1"; else exec sudo ${flags} -H -- sh -c "$1"; fi`;
}

function settle(marker: string): string {
  return [
    `LC_ALL=C; PATH=${path}; export LC_ALL PATH; unset ENV BASH_ENV CDPATH LANG LANGUAGE`,
    'umask 022; cd /; read -r s </proc/$$/stat; set -- ${s##*) }; shift 19; s=$1',
    'read -r b </proc/sys/kernel/random/boot_id',
    `echo "${marker} ready $$ $s $b $(id -u)"`,
    `while IFS= read -r s; do [ "$s" = ${marker} ] && exec sh; done`,
  ].join('; ');
}
