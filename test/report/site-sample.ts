import { timedOut } from '../../lib/errors.ts';
import type { Recap, RunEvent } from '../../lib/report/events.ts';
import { confChange, recapOf, resource, servers } from './sample.ts';

const hosts = ['k8s-mn01', 'k8s-mn02', 'k8s-mn03', 'k8s-wn01', 'k8s-wn02'];
const everywhere = ['preflight', 'hostname', 'package-repos', 'swap', 'sysctl', 'chrony', 'runc', 'containerd'];
const later = ['keepalived', 'haproxy', 'kubeadm-join'];

const stuck = timedOut('the kubelet did not become healthy within 240 s', {
  place: {
    host: 'k8s-wn02',
    role: 'kubeadm-join',
    resource: 'command kubeadm join',
    at: 'roles/kubeadm-join/index.ts:71',
  },
  ran: 'kubeadm join --config /run/konverge/join.yaml   (root, exit 1, 241.3 s)',
  said: [
    '[kubelet-start] Starting the kubelet',
    '[kubelet-check] Initial timeout of 40s passed.',
    '[kubelet-check] The HTTP call equal to "curl -sSL http://localhost:10248/healthz" failed with error: connection refused',
    'error execution phase kubelet-start: timed out waiting for the condition',
  ].join('\n'),
  mend: 'see what the kubelet says on the host: journalctl -u kubelet -n 50; swap or a cgroup driver mismatch are usual reasons',
  touched: true,
});

/** Five hosts get eight roles side by side, then three more, and the last host fails in the last one. Always the same. */
export function siteRun({ check = false } = {}): readonly RunEvent[] {
  const events: RunEvent[] = [{ type: 'run-start', playbook: 'site', check, hosts, at: 0 }];
  const end = play(events, 'Every node', everywhere, 300, check);
  const over = play(events, 'The cluster', later, end + 200, check) + 100;
  const recap = hosts.map((host): Recap => {
    const own = events.filter((event) => event.type === 'resource' && event.host === host);
    const changed = own.filter((event) => event.type === 'resource' && event.changes.length > 0).length;
    const failed = !check && host === 'k8s-wn02' ? 1 : 0;
    return recapOf(host, { ok: own.length - changed - failed, changed, failed, ms: over, trips: 31 });
  });
  return [...events, { type: 'run-end', recap, exitCode: check ? 0 : 2, ms: over, at: over }];
}

function play(events: RunEvent[], title: string, roles: readonly string[], from: number, check: boolean): number {
  events.push({ type: 'play-start', play: title, hosts, at: from });
  const ends = hosts.map((host, h) => {
    let at = from + 80 + h * 40;
    if (title === 'Every node') events.push({ type: 'host-connected', host, ms: 80 + h * 7, at });
    for (const [r, role] of roles.entries()) {
      events.push({ type: 'role-start', host, play: title, role, at });
      const ms = 400 + ((h * 7 + r * 5) % 6) * 450 + (role === 'containerd' || role === 'kubeadm-join' ? 9000 : 0);
      events.push(...resources(host, role, at, ms, check));
      at += ms;
      if (!check && host === 'k8s-wn02' && role === 'kubeadm-join') {
        events.push({ type: 'host-failed', host, play: title, error: stuck, at });
        break;
      }
      events.push({ type: 'role-end', host, play: title, role, ms, trips: 3, at });
    }
    return at;
  });
  const end = Math.max(...ends);
  events.push({ type: 'play-end', play: title, ms: end - from, at: end });
  return end;
}

function resources(host: string, role: string, at: number, ms: number, check: boolean): readonly RunEvent[] {
  const status = check ? 'would-change' : 'changed';
  const about = { role, at: at + ms / 2, ms: ms / 3 };
  const changes = { ...about, status } as const;
  const ok = resource(host, { ...about, kind: 'package', id: role });
  if (role === 'chrony') {
    const own = host === 'k8s-mn03' ? { ...confChange, text: { before: '', after: servers(3) } } : confChange;
    const note: RunEvent = { type: 'note', host, role, text: 'the clock was 3 s behind', at };
    return [ok, resource(host, { ...changes, changes: [own] }), ...(host === 'k8s-wn01' ? [note] : [])];
  }
  if (role === 'sysctl') {
    const set = [{ path: 'net.ipv4.ip_forward', from: '0', to: '1' }];
    return [resource(host, { ...changes, kind: 'sysctls', id: '90-kubernetes.conf', changes: set })];
  }
  if (role === 'kubeadm-join' && host === 'k8s-wn02' && !check) {
    return [ok, resource(host, { ...about, kind: 'command', id: 'kubeadm join', status: 'failed', at: at + ms })];
  }
  return [ok, resource(host, { ...about, kind: 'service', id: role })];
}
