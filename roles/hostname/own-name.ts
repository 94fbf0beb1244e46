import { type AnyResource, command, sh } from '../../lib/index.ts';

/**
 * The host's own name stands in no line of a loopback address: what asks for its own address by name (etcd, kubelet,
 * hostname -i) would bind to 127.0.1.1, where nobody else finds it. Debian's installer makes such a line.
 */
export function nowhereOnLoopback(name: string): AnyResource {
  const own = `${name.replaceAll('.', '\\.')}\\(\\.[^[:space:]#]*\\)\\{0,1\\}\\([[:space:]#]\\|$\\)`;
  const edit = `:again
s/^\\(127\\.[^#]*[[:space:]]\\)${own}/\\1\\3/
t again
/^127\\.[0-9.]*[[:space:]]*$/d`;
  return command(`${name} is not on a loopback address`, {
    unless: sh`! grep -q ${`^127\\.[^#]*[[:space:]]${own}`} /etc/hosts`,
    // In place: /etc/hosts is a mount point in containers. The copy is complete before the first byte is written.
    run: sh`
new=$(mktemp) || exit
trap 'rm -f "$new"' EXIT
sed ${edit} /etc/hosts >"$new" && [ -s "$new" ] && cat "$new" >/etc/hosts`,
    changes: [{ path: '/etc/hosts', from: `has ${name} on 127.x`, to: 'has not' }],
  });
}

const conf = '/etc/cloud/cloud.cfg.d/99-konverge.cfg';

/** Where cloud-init is installed it would set both back at the next boot. */
export const keptByCloudInit: AnyResource = command('cloud-init keeps name and hosts', {
  unless: sh`[ ! -d /etc/cloud/cloud.cfg.d ] || grep -qx 'preserve_hostname: true' ${conf} 2>/dev/null`,
  run: sh`printf '%s\n' 'preserve_hostname: true' 'manage_etc_hosts: false' >${conf}`,
  changes: [{ path: conf, to: 'preserve_hostname: true' }],
});
