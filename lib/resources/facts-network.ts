import type { Facts, NetworkInterface } from './facts.ts';

type Network = Pick<Facts, 'interfaces' | 'routes' | 'defaultInterface'>;
type Sections = (name: string) => readonly string[];

/** From iproute2's one-line output where it exists, else from /proc. */
export function networkOf(section: Sections): Network {
  return section('link').length > 0 ? fromIp(section) : fromProc(section);
}

function fromIp(section: Sections): Network {
  const addresses = section('addr').map(parseAddress);
  const routes = section('route').map(parseRoute);
  return {
    interfaces: section('link').flatMap((line) => parseLink(line, addresses)),
    routes: unique([...routes, ...section('route6').map(parseRoute)].flatMap(({ to }) => to ?? [])),
    defaultInterface: lowestMetric(routes.filter(({ isDefault }) => isDefault)),
  };
}

/** `2: eth0@if5: <…> mtu 1500 … \    link/ether 02:42:ac:11:00:02 brd …` */
function parseLink(line: string, addresses: readonly Address[]): readonly NetworkInterface[] {
  const name = /^\d+:\s+([^:@\s]+)/.exec(line)?.[1];
  if (name === undefined) return [];
  const mac = /link\/ether ([0-9a-f:]{17})/.exec(line)?.[1];
  return [{ name, mac, addresses: addresses.flatMap((each) => (each.on === name ? each.cidr : [])) }];
}

interface Address {
  readonly on: string | undefined;
  readonly cidr: string;
}

/** `2: eth0    inet 10.0.0.1 peer 10.0.0.2/24 scope …`: the prefix stands behind the peer, if there is one. */
function parseAddress(line: string): Address {
  const [, on, text = '', peer = ''] = /^\d+:\s+(\S+)\s+inet6? (\S+)(?: peer (\S+))?/.exec(line) ?? [];
  const prefix = (peer === '' ? text : peer).split('/')[1];
  return { on, cidr: withPrefix(`${text.split('/')[0]}${prefix === undefined ? '' : `/${prefix}`}`) };
}

interface RouteLine {
  readonly to: string | undefined;
  readonly isDefault: boolean;
  readonly dev: string | undefined;
  readonly metric: number;
}

/** `default via …`, `10.0.0.0/24 dev …`, `blackhole 10.244.1.0/26 proto 80` */
function parseRoute(line: string): RouteLine {
  const [target = ''] = line
    .replace(/^(?:unicast|local|broadcast|multicast|throw|unreachable|prohibit|blackhole|nat) /, '')
    .split(' ');
  const known = /^[0-9a-f.:/]+$/i.test(target) && !/^(?:fe80|ff)/i.test(target);
  return {
    to: known ? withPrefix(target) : undefined,
    isDefault: target === 'default',
    dev: / dev (\S+)/.exec(line)?.[1],
    metric: Number(/ metric (\d+)/.exec(line)?.[1] ?? 0),
  };
}

const lowestMetric = (routes: readonly RouteLine[]): string | undefined =>
  routes.toSorted((a, b) => a.metric - b.metric)[0]?.dev;

function withPrefix(address: string): string {
  if (address.includes('/')) return address;
  return `${address}/${address.includes(':') ? 128 : 32}`;
}

const unique = (list: readonly string[]): readonly string[] => [...new Set(list)];

/** proc(5): /proc/net/route holds host-order hex words (Iface Destination Gateway Flags RefCnt Use Metric Mask …). */
function fromProc(section: Sections): Network {
  const table = section('proc-route').slice(1).map(parseKernelRoute);
  const direct = table.filter(({ gateway }) => gateway === 0);
  const locals = localAddresses(section('proc-fib'));
  const on = (name: string): readonly string[] =>
    locals.flatMap((address) => {
      const net = direct.find(({ mask, to }) => mask !== 0 && (address & mask) >>> 0 === to);
      return net?.dev === name ? `${dotted(address)}/${bits(net.mask)}` : [];
    });
  return {
    interfaces: section('proc-macs').flatMap((line) => {
      const [name = '', mac] = line.split(' ');
      return {
        name,
        mac: mac === '00:00:00:00:00:00' ? undefined : mac,
        addresses: name === 'lo' ? ['127.0.0.1/8'] : on(name),
      };
    }),
    routes: unique(table.flatMap(({ to, mask }) => (mask === 0 ? [] : `${dotted(to)}/${bits(mask)}`))),
    defaultInterface: lowestMetric(table.flatMap(asDefault)),
  };
}

interface KernelRoute {
  readonly dev: string;
  readonly to: number;
  readonly gateway: number;
  readonly mask: number;
  readonly metric: number;
}

function parseKernelRoute(line: string): KernelRoute {
  const [dev = '', to = '', gateway = '', , , , metric, mask = ''] = line.split(/\s+/);
  return { dev, to: fromHex(to), gateway: fromHex(gateway), mask: fromHex(mask), metric: Number(metric) };
}

const asDefault = ({ dev, mask, metric }: KernelRoute): readonly RouteLine[] =>
  mask === 0 ? [{ to: undefined, isDefault: true, dev, metric }] : [];

/** Little endian on amd64 and arm64: `0100A8C0` is 192.168.0.1. */
const fromHex = (word: string): number => Buffer.from(word, 'hex').reduceRight((sum, byte) => sum * 256 + byte, 0);

const dotted = (address: number): string => [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');

const bits = (mask: number): number => mask.toString(2).replaceAll('0', '').length;

/** /proc/net/fib_trie prints `|-- 172.17.0.2` and below it `/32 host LOCAL` for every address of this host. */
function localAddresses(trie: readonly string[]): readonly number[] {
  const found = trie.flatMap((line, i) => {
    const address = /\|-- ([\d.]+)$/.exec(line)?.[1];
    if (address === undefined || address.startsWith('127.') || trie[i + 1] !== '/32 host LOCAL') return [];
    return address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  });
  return [...new Set(found)];
}
