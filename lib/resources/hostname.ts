import { badInput } from '../errors.ts';
import { sh } from '../sh.ts';
import { atomicWrite } from './atomic-write.ts';
import type { Change, Resource } from './contract.ts';

export interface HostnameState {
  /** what the kernel says now */
  readonly live: string;
  /** first line of /etc/hostname that is no comment, hostname(5) */
  readonly saved: string;
}

/**
 * Afterwards the kernel and /etc/hostname have this name. Both are set directly: hostnamectl(1) needs D-Bus and polkit,
 * and cannot replace a bind-mounted /etc/hostname.
 * @throws BadInput on what is no lower-case RFC 1123 name, or longer than the kernel's 64 bytes
 */
export function hostname(name: string): Resource<HostnameState> {
  const label = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';
  if (name.length > 64 || !new RegExp(`^${label}(\\.${label})*$`).test(name)) {
    throw badInput(`not a host name (lower case letters, digits, '-', at most 64): ${name}`);
  }
  return {
    kind: 'hostname',
    id: name,
    probe: {
      script: sh`
uname -n
[ -r /etc/hostname ] || exit 0
while read -r saved || [ "$saved" ]; do
  case $saved in ''|'#'*) ;; *) printf '%s\n' "$saved"; break ;; esac
done </etc/hostname`,
      parse(out) {
        const [live = '', saved = ''] = out.toString().split('\n');
        return { live: live.trim(), saved: saved.trim() };
      },
    },
    diff: (state) => changesTo(name, state),
    async apply(host, changes) {
      if (changes.some(({ path }) => path === '/etc/hostname')) {
        await atomicWrite(host, '/etc/hostname', { content: `${name}\n`, mode: 0o644, owner: 'root', group: 'root' });
      }
      if (changes.some(({ path }) => path === 'live')) {
        await host.run(sh`{ printf '%s\n' ${name} >/proc/sys/kernel/hostname; } 2>/dev/null || hostname ${name}`, {
          what: `host name ${name}`,
        });
      }
    },
    evidence: { paths: ['/etc/hostname'], digest: name },
  };
}

function changesTo(name: string, { live, saved }: HostnameState): readonly Change[] {
  const changes: Change[] = [];
  if (saved !== name) changes.push({ path: '/etc/hostname', from: saved || undefined, to: name });
  if (live !== name) changes.push({ path: 'live', from: live, to: name });
  return changes;
}
