import { refused } from '../errors.ts';
import { sh } from '../sh.ts';
import type { Probe } from './contract.ts';
import type { Arch, Facts } from './facts.ts';
import { networkOf } from './facts-network.ts';
import { osOf } from './facts-os.ts';
import { sectionsOf } from './sections.ts';

/** When the question left the controller and when its answer was there, milliseconds since the epoch. */
export interface AskedAt {
  readonly sentAt: number;
  readonly receivedAt: number;
}

/**
 * Everything of `Facts` in one script of few processes: what is a line or two the shell reads itself (and `read` fails at a
 * last line without a newline, as /sys/fs/selinux/enforce is, though it has read it). Without iproute2 the kernel's own tables
 * are read. Its `clockSkew` takes the answer as just received; whoever knows when the question was sent uses `parseFacts`.
 */
export const factsProbe: Probe<Facts> = {
  script: sh`
now=$(date +%s.%N)
first() { word=; { read -r word <"$1" || [ "$word" ]; } 2>/dev/null && printf '%s\n' "$word"; }
if [ -r /etc/os-release ]; then os=/etc/os-release; else os=/usr/lib/os-release; fi
echo '#os'; while read -r word || [ "$word" ]; do printf '%s\n' "$word"; done 2>/dev/null <"$os"
echo '#uname'; uname -nrm
echo '#cpus'; nproc 2>/dev/null || grep -c ^processor /proc/cpuinfo
echo '#memory'; first /proc/meminfo
echo '#machine-id'; first /etc/machine-id
echo '#product-uuid'; first /sys/class/dmi/id/product_uuid
if command -v ip >/dev/null; then
  echo '#link'; ip -o link show
  echo '#addr'; ip -o addr show
  echo '#route'; ip -o -4 route show table main
  echo '#route6'; ip -o -6 route show table main 2>/dev/null
else
  echo '#proc-macs'
  for each in /sys/class/net/*/address; do
    if read -r mac <"$each"; then each=\${each%/address}; echo "\${each##*/} $mac"; fi
  done 2>/dev/null
  echo '#proc-route'; cat /proc/net/route
  echo '#proc-fib'; cat /proc/net/fib_trie
fi
echo '#container'
if [ -s /run/systemd/container ]; then first /run/systemd/container
elif [ -e /.dockerenv ]; then echo docker
elif [ -e /run/.containerenv ]; then echo podman
else
  systemd-detect-virt --container 2>/dev/null
  { tr '\0' '\n' </proc/1/environ | sed -n 's/^container=//p'; } 2>/dev/null
fi
echo '#systemd'; systemctl --version 2>/dev/null
echo '#selinux'; first /sys/fs/selinux/enforce
if [ -e /etc/selinux/config ]; then echo configured; fi
echo '#clock'; echo "$now"; date +%s.%N`,
  parse: (out) => {
    const receivedAt = Date.now();
    return parseFacts(out, { sentAt: receivedAt, receivedAt });
  },
};

/** @throws Refused on an operating system or a processor that nothing here is made for */
export function parseFacts(out: Buffer, asked: AskedAt): Facts {
  const section = sectionsOf(out.toString());
  // In this order whatever the order of the flags: POSIX, uname(1).
  const [hostname = '', kernel = '', machine = ''] = section('uname')[0]?.split(' ') ?? [];
  const [enforce, ...others] = section('selinux');
  return {
    os: osOf(section('os').join('\n')),
    arch: archOf(machine),
    kernel,
    hostname,
    machineId: section('machine-id')[0] ?? '',
    productUuid: section('product-uuid')[0]?.toLowerCase(),
    cpus: Number(section('cpus')[0]),
    memory: Math.floor(Number(/\d+/.exec(section('memory').join())?.[0]) / 1024),
    ...networkOf(section),
    container: section('container').find((word) => word !== 'none'),
    systemd: versionOf(section('systemd')[0]),
    selinux: selinuxOf(enforce, others),
    clockSkew: clockSkewOf(section('clock'), asked),
  };
}

const archs: ReadonlyMap<string, Arch> = new Map([
  ['x86_64', 'amd64'],
  ['aarch64', 'arm64'],
]);

function archOf(machine: string): Arch {
  const arch = archs.get(machine);
  if (arch === undefined) {
    throw refused(`this host's processor is ${machine}`, { mend: 'take hosts with x86_64 (amd64) or aarch64 (arm64)' });
  }
  return arch;
}

/** `systemd 252 (252.36-1~deb12u1)` */
function versionOf(line: string | undefined): number | undefined {
  const version = /^systemd (\d+)/.exec(line ?? '')?.[1];
  return version === undefined ? undefined : Number(version);
}

/** /sys/fs/selinux/enforce exists while SELinux is on, whatever its configuration file says (selinux(8)). */
function selinuxOf(first: string | undefined, others: readonly string[]): Facts['selinux'] {
  if (first === '1') return 'enforcing';
  if (first === '0') return 'permissive';
  return first === 'configured' || others.includes('configured') ? 'disabled' : 'absent';
}

/** Host clock at the first and the last command; RFC 5905 §8: the offset is the mean of both one-way differences. */
function clockSkewOf(stamps: readonly string[], { sentAt, receivedAt }: AskedAt): number {
  const [first = Number.NaN, last = Number.NaN] = stamps.map(milliseconds);
  return Math.round((first - sentAt + (last - receivedAt)) / 2);
}

/** `1700000000.123456789`; a busybox without nanoseconds prints `1700000000.%N` or nothing after the point. */
function milliseconds(stamp: string): number {
  const [seconds, nanoseconds = ''] = stamp.split('.');
  const rest = /^\d{9}$/.test(nanoseconds) ? Number(nanoseconds) / 1e6 : 500;
  return Number(seconds) * 1000 + rest;
}
