import { type KonvergeError, refused } from '../errors.ts';
import { type Script, sh } from '../sh.ts';

/**
 * Takes the lock on descriptor 9 of the shell itself (bare frame): it lives as long as that shell, whatever happens to us.
 * The lock is flock(1)'s, so a dead holder never blocks anybody; the file's text only names the holder.
 */
export function lockScript(file: string, holder: string, waitSeconds: number): Script {
  return sh`
if ! command -v flock >/dev/null 2>&1; then
  echo missing
elif ! said=$( (umask 022; : >>${file}) 2>&1 ); then
  echo unwritable
  printf '%s\n' "$said"
else
  exec 9>>${file}
  tries=${waitSeconds * 5}
  until flock -n 9; do
    [ "$tries" -gt 0 ] || break
    tries=$((tries - 1))
    sleep 0.2
  done
  if flock -n 9; then
    printf '%s\n' ${holder} >${file}
    echo taken
  else
    exec 9>&-
    echo busy
    cat ${file}
  fi
fi`;
}

/** What `lockScript` said, as the refusal to throw; undefined = the lock is ours. */
export function lockRefusal(host: string, file: string, said: string): KonvergeError | undefined {
  const [verdict, ...rest] = said.split('\n');
  if (verdict === 'taken') return undefined;
  const place = { host };
  if (verdict === 'busy') {
    const holder = rest.join('\n').trim();
    return refused(`${host}: another run works on this host: ${holder === '' ? 'it did not give its name' : holder}`, {
      place,
      said: holder,
      mend: `wait until that run has ended, or stop it; who holds the lock on the host: fuser ${file}`,
    });
  }
  if (verdict === 'missing') {
    return refused(`${host}: there is no flock, so two runs could work on this host at once`, {
      place,
      mend: 'install util-linux on the host',
    });
  }
  return refused(`${host}: the lock file ${file} cannot be written`, {
    place,
    said: rest.join('\n').trim(),
    mend: 'see that its file system is there, has space and is writable, and that the user becomes root (become)',
  });
}
