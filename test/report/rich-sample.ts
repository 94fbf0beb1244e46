import { commandFailed, refused, unreachable } from '../../lib/errors.ts';
import type { RunEvent } from '../../lib/report/events.ts';
import { recapOf, resource } from './sample.ts';

/** A run with everything that makes a page hard to draw: many hosts, long names, words, lines and diffs, and failures. */
export const richHosts: readonly string[] = [
  'k8s-mn01',
  'control-plane-with-a-very-long-name-02.rack-17.frankfurt.datacentre.example.internal',
  'x'.repeat(63),
  ...Array.from({ length: 21 }, (_, i) => `k8s-wn${String(i + 1).padStart(2, '0')}`),
];
const [first = '', long = '', longest = ''] = richHosts;

const longWord = '/etc/kubernetes/manifests/' + 'a-path-without-a-single-blank/'.repeat(6) + 'kube-apiserver.yaml';
const longLine = `    - --service-account-signing-key-file=/etc/kubernetes/pki/sa.key ${'--and-so-on=true '.repeat(12)}`;

const change = {
  path: 'content',
  from: 'sha256 0f343b0931126a20',
  to: 'sha256 4355a46b19d348dc',
  text: {
    before: `apiVersion: v1\n${longLine}\nkind: Pod\n\tindented by a tab\n`,
    after: `apiVersion: v1\nkind: Pod\n\tindented by a tab\n${longLine}\n日本語 <b>not bold</b> &amp;\n`,
  },
};

export const failures = [
  {
    host: long,
    error: commandFailed('validation failed, /etc/chrony.conf is as it was', {
      place: { host: long, role: 'chrony', resource: 'file /etc/chrony.conf', at: 'roles/chrony/index.ts:22' },
      ran: `chronyd -p -f ${longWord}`,
      said: Array.from({ length: 30 }, (_, i) => `line ${i}: Could not parse directive 'servr' ${'…'.repeat(i)}`).join(
        '\n',
      ),
      mend: 'fix the template or its vars and run again:\nnpx tsx playbooks/site.ts --tags chrony --limit ' + long,
      touched: false,
    }),
  },
  {
    host: longest,
    error: unreachable(`${longest}: no answer within 15 s`, {
      mend: 'host up, firewall, route: see that ssh reaches it',
    }),
  },
  {
    host: 'k8s-wn07',
    error: refused('this host is a member of another cluster', {
      place: { role: 'kubeadm-join', resource: `command ${longWord}` },
      mend: 'take it out of that cluster first, or out of the inventory',
      touched: true,
    }),
  },
];

const roles = ['preflight', 'hostname', 'package-repos', 'sysctl', 'chrony', 'containerd', 'kubeadm-join'];

/** `interrupted`: the operator stops it in the middle of the second play. */
export function richRun({ interrupted = false } = {}): readonly RunEvent[] {
  const events: RunEvent[] = [{ type: 'run-start', playbook: 'site', check: false, hosts: richHosts, at: 0 }];
  let from = 100;
  for (const play of ['Every host is prepared', 'Every worker is in a cluster whose name is rather long']) {
    events.push({ type: 'play-start', play, hosts: richHosts, at: from });
    const left = richHosts.filter((host) => !isLost(host, events));
    const ends = left.map((host, h) => hostEvents(events, host, play, from + h * 11));
    from = Math.max(...ends) + 50;
    const isLast = interrupted && play.startsWith('Every worker');
    if (!isLast) events.push({ type: 'play-end', play, ms: 1, at: from });
  }
  const lost = new Set(failures.map(({ host }) => host));
  const recap = richHosts.map((host) => recapOf(host, { changed: 3, failed: lost.has(host) ? 1 : 0, skipped: 1 }));
  return [...events, { type: 'run-end', recap, exitCode: interrupted ? 130 : 4, ms: from, at: from }];
}

const isLost = (host: string, events: readonly RunEvent[]): boolean =>
  events.some((event) => event.type === 'host-failed' && event.host === host);

function hostEvents(events: RunEvent[], host: string, play: string, from: number): number {
  let at = from;
  const failure = failures.find((each) => each.host === host);
  for (const [r, role] of roles.entries()) {
    const ms = 300 + ((host.length * 7 + r * 5) % 6) * 900 + (role === 'containerd' ? 12_000 : 0);
    events.push({ type: 'role-start', host, play, role, at });
    const about = { role, at: at + ms / 2, ms: ms / 3 };
    events.push(resource(host, { ...about, kind: 'package', id: role }));
    if (role === 'chrony')
      events.push(resource(host, { ...about, id: longWord, status: 'changed', changes: [change] }));
    if (role === 'sysctl') events.push(...sysctls(host, about));
    if (role === 'chrony' && host === first) events.push({ type: 'note', host, role, text: `see ${longWord}`, at });
    at += ms;
    if (failure !== undefined && r === 4) {
      events.push({ type: 'host-failed', host, play, error: failure.error, at });
      return at;
    }
    events.push({ type: 'role-end', host, play, role, ms, trips: 3, at });
  }
  return at;
}

function sysctls(host: string, about: { role: string; at: number; ms: number }): readonly RunEvent[] {
  // Different on every host, so that many changes stand below each other.
  const changes = [{ path: `net.${host}`, from: '0', to: longWord }];
  return [resource(host, { ...about, kind: 'sysctls', id: '90-kubernetes.conf', status: 'changed', changes })];
}
