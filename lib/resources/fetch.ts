import { badInput } from '../errors.ts';
import { type Script, sh } from '../sh.ts';
import type { Stages } from './staged-run.ts';

export interface Source {
  /** tried in order */
  readonly urls: readonly string[];
  /** hex */
  readonly sha256: string;
}

/** Downloads have no time limit of their own but a lowest speed; this ends a run that hangs all the same. Seconds. */
export const fetchTimeout = 3600;

/** @throws BadInput unless there is at least one http(s) URL and a full sha256 */
export function checkSource(what: string, { urls, sha256 }: Source): void {
  if (urls.length === 0) throw badInput(`${what}: no url is given`);
  const odd = urls.find((url) => !/^https?:\/\/[^\s]+$/.test(url));
  if (odd !== undefined) throw badInput(`${what}: ${JSON.stringify(odd)} is not an http or https URL`);
  if (!/^[0-9a-f]{64}$/.test(sha256)) {
    throw badInput(`${what}: ${JSON.stringify(sha256)} is not a sha256 (64 lower-case hex digits)`);
  }
}

/**
 * Afterwards the file `$part` (set before) has the wished sha256, or the script has ended with one of `fetchStages`. What an
 * earlier, cut download left in `$part` is continued; bytes with a wrong checksum are thrown away. Each source that fails
 * is named on stderr with the reason. (busybox's wget gets no -T: that option crashes the one of Debian 12.)
 */
export const fetchScript = ({ urls, sha256 }: Source): Script => sh`
want=${sha256}
sum_of() { sha256sum <"$1" | cut -c 1-64; }
right() { [ -f "$part" ] && [ "$(sum_of "$part")" = "$want" ]; }
get() {
  if command -v curl >/dev/null 2>&1; then
    curl -fsSL --connect-timeout 20 --speed-limit 1000 --speed-time 60 -C - -o "$part" "$1"
  elif ! command -v wget >/dev/null 2>&1; then exit 80
  elif wget --version >/dev/null 2>&1; then wget -nv -c -T 60 -t 1 -O "$part" "$1"
  else wget -q -c -O "$part" "$1"; fi
}
attempt() {
  code=0; said=$(get "$1" 2>&1) || code=$?
  if right; then return 0; fi
  if [ "$code" -eq 80 ]; then exit 80; fi
  set -- $(df -Pk "\${part%/*}" | tail -n 1)
  if [ "$code" -ne 0 ] && [ "$4" -lt 1024 ]; then rm -f "$part"; echo 'no space left on device' >&2; exit 81; fi
  return 1
}
source_failed() { printf '%s: %s\n' "$1" "$2" >&2; }
fetch() {
  if right; then return 0; fi
  for url; do
    resumed=; if [ -s "$part" ]; then resumed=1; fi
    attempt "$url" && return 0
    # A cut line is tried once more, from where it was cut; a part that does not fit this source is given up.
    case $code in 18 | 28 | 52 | 56) attempt "$url" && return 0 ;; esac
    case $code.$said in 0.* | *416* | *ange*) if [ "$resumed" ]; then rm -f "$part"; attempt "$url" && return 0; fi ;; esac
    if [ "$code" -eq 0 ] && [ -f "$part" ]; then
      said="its sha256 is $(sum_of "$part"), not the wished $want"; rm -f "$part"
    fi
    source_failed "$url" "$said"
  done
  exit 82
}
fetch ${urls}`;

export const fetchStages = (what: string): Stages => ({
  80: { message: `${what}: the host has neither curl nor wget`, mend: 'install curl on the host', touched: false },
  81: { message: `${what}: no space left for it`, mend: 'free space on that file system (df -h), then run again' },
  82: {
    message: `${what}: no source gave the wished file`,
    mend: 'check version, url and sha256 of each source; open the url from the host with curl -v',
    touched: false,
  },
});
