import { type Probe, type Script, sh } from '../../lib/index.ts';

/** A socket that something listens on. */
export interface Listener {
  /** `tcp`, `udp` */
  readonly protocol: string;
  readonly address: string;
  readonly port: number;
  /** names of processes, cut to 15 characters by the kernel; empty = unknown */
  readonly owners: readonly string[];
}

export interface Route {
  /** `10.0.0.0/8`; a single address has /32 */
  readonly to: string;
  readonly via: string;
}

/** What only preflight asks; read-only. */
export interface Witness {
  readonly listeners: readonly Listener[];
  readonly routes: readonly Route[];
  /** name servers of resolv.conf(5) */
  readonly dns: readonly string[];
  readonly swaps: readonly string[];
  /** MiB free where images and containers go (or etcd's data, where nothing else is), by path */
  readonly free: readonly { readonly path: string; readonly mib: number }[];
  /** the kubelet has credentials of a cluster */
  readonly joined: boolean;
  /** the kubelet's client certificate, PEM */
  readonly certificate: string | undefined;
  /** what no_proxy says; undefined = no proxy for https is set */
  readonly noProxy: string | undefined;
  /** programs that are asked for and missing */
  readonly missing: readonly string[];
  /** whether the VIP answers from here; undefined = nothing to ask with, or not asked */
  readonly vipAnswers: boolean | undefined;
}

/** Where a host of each kind keeps much. */
const folders = { node: ['/var/lib/containerd', '/var/lib/kubelet'], etcd: ['/var/lib/etcd'] };

/** `vip`: asked with one ping, which takes a second when it is free. */
export function witness(vip: string | undefined, kind: keyof typeof folders = 'node'): Probe<Witness> {
  return { script: script(vip, folders[kind]), parse: (out) => parseWitness(out.toString()) };
}

const script = (vip: string | undefined, paths: readonly string[]): Script => sh`
for tool in ip ss; do command -v "$tool" >/dev/null || printf 'missing %s\n' "$tool"; done
ss -Hltnup 2>/dev/null | sed 's/^/listen /'
ip -o -4 route show 2>/dev/null | sed 's/^/route /'
if [ -r /etc/resolv.conf ]; then
  while read -r word value || [ "$word" ]; do [ "$word" != nameserver ] || printf 'dns %s\n' "$value"; done </etc/resolv.conf
fi
{ read -r head; while read -r swap; do printf 'swap %s\n' "$swap"; done; } 2>/dev/null </proc/swaps
set --
for path in ${paths}; do
  while [ ! -d "$path" ]; do path=\${path%/*}; path=\${path:-/}; done
  set -- "$@" "$path"
done
df -Pk "$@" | {
  read -r head
  for path in ${paths}; do if IFS= read -r line; then printf 'free %s %s\n' "$path" "$line"; fi; done
}
if [ "\${HTTPS_PROXY-}\${https_proxy-}" ]; then printf 'proxy %s\n' "\${NO_PROXY:-\${no_proxy-}}"; fi
if [ -e /etc/kubernetes/kubelet.conf ]; then
  echo 'joined yes'
  sed -n '/^-----BEGIN CERT/,/^-----END CERT/s/^/cert /p' /var/lib/kubelet/pki/kubelet-client-current.pem 2>/dev/null
fi
${vip === undefined ? sh`` : ping(vip)}
exit 0`;

/** Says whether the VIP answers, within a second. */
export const ping = (vip: string): Script => sh`
if command -v ping >/dev/null; then
  if ping -c 1 -W 1 ${vip} >/dev/null 2>&1; then echo 'vip yes'; else echo 'vip no'; fi
fi`;

export function parseWitness(out: string): Witness {
  const lines = out.split('\n');
  const of = (word: string): readonly string[] =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
  const [vip] = of('vip');
  return {
    listeners: of('listen').flatMap(parseListener),
    routes: of('route').flatMap(parseRoute),
    dns: of('dns').map((line) => line.trim()),
    swaps: of('swap').map((line) => line.replace(/\s.*$/, '')),
    free: of('free').flatMap(parseFree),
    missing: of('missing'),
    joined: of('joined').length > 0,
    certificate: of('cert').join('\n') || undefined,
    noProxy: of('proxy')[0],
    vipAnswers: vip === undefined ? undefined : vip === 'yes',
  };
}

/** `tcp LISTEN 0 4096 127.0.0.1:10248 0.0.0.0:* users:(("kubelet",pid=1,fd=11))`, ss(8) with -Hltnup. */
function parseListener(line: string): readonly Listener[] {
  const [, protocol, address, port] = /^(\w+)\s+\w+\s+\d+\s+\d+\s+(\S+):(\d+)\s/.exec(`${line} `) ?? [];
  if (protocol === undefined || address === undefined) return [];
  const owners = [...line.matchAll(/\("([^"]+)",pid=/g)].flatMap(([, name]) => name ?? []);
  return [{ protocol, address, port: Number(port), owners: [...new Set(owners)] }];
}

/** Without what a cluster that runs already has put there: routes to pods lie in the pod subnet, as they should. */
function parseRoute(line: string): readonly Route[] {
  const [, type, to] =
    /^((?:blackhole|unreachable|local|broadcast|multicast|unicast) )?([0-9.]+(?:\/\d+)?) /.exec(line) ?? [];
  if (to === undefined || type === 'blackhole ' || / proto (bird|80) /.test(`${line} `)) return [];
  const via = / dev (\S+)/.exec(line)?.[1] ?? 'no device';
  return clusterDevice.test(via) ? [] : [{ to: to.includes('/') ? to : `${to}/32`, via }];
}

/** Interfaces that a cluster's network plugin, or a container engine for each container, makes. */
export const clusterDevice = /^(cali|tunl|vxlan|wireguard|wg-v6|flannel|cni|cilium|lxc|kube-ipvs|veth|nodelocaldns)/;

function parseFree(line: string): readonly Witness['free'][number][] {
  // df -P: file system, size, used, available, capacity, mount point
  const [, path, kib] = /^(\S+) .+?\s\d+\s+\d+\s+(\d+)\s+\d+%\s/.exec(line) ?? [];
  return path === undefined ? [] : [{ path, mib: Math.floor(Number(kib) / 1024) }];
}
