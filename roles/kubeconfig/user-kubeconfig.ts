import { command, type Resource, type Script, sh } from '../../lib/index.ts';
import { adminConf } from '../kubeadm/index.ts';

/**
 * The user's ~/.kube/config has the content of this host's admin.conf, is the user's own and nobody else can read it.
 * The content never leaves the host: the two files are compared there. One that was there before is kept beside it.
 */
export function userKubeconfig(user: string): Resource<unknown> {
  return command(`~${user}/.kube/config`, {
    changes: [{ path: 'kubeconfig (secret)', to: `${adminConf}, mode 0600, owner ${user}` }],
    unless: sh`home=$(getent passwd ${user} | cut -d: -f6) && f=$home/.kube/config
[ -n "$home" ] && [ -f "$f" ] && [ "$(stat -c '%a %U' "$f")" = '600 ${user}' ] || exit 1
[ "$(sha256sum <"$f")" = "$(sha256sum <${adminConf})" ]`,
    run: copyAs(user),
  });
}

// As the user, not as root: in a folder of the user's own, a link could lead root anywhere.
function copyAs(user: string): Script {
  const copy = sh`set -eu
umask 077
d=$HOME/.kube f=$HOME/.kube/config
mkdir -p "$d"
new=$(mktemp "$d/.config.XXXXXX")
trap 'rm -f "$new"' EXIT
cat >"$new"
[ ! -f "$f" ] || cmp -s "$f" "$new" || cp -p "$f" "$f.$(date -u +%Y%m%dT%H%M%SZ)~"
mv -fT "$new" "$f"
chmod 600 "$f"`;
  return sh`[ -f ${adminConf} ] || { echo "there is no ${adminConf}: this host has not joined the cluster" >&2; exit 1; }
home=$(getent passwd ${user} | cut -d: -f6)
[ -n "$home" ] || { echo "there is no user ${user} on this host" >&2; exit 1; }
if [ "$(id -u ${user})" = 0 ]; then HOME=$home sh -c ${copy.text} <${adminConf}
else HOME=$home runuser -u ${user} -- sh -c ${copy.text} <${adminConf}; fi`;
}
