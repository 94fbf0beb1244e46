import { commandFailed } from '../errors.ts';
import { sh } from '../sh.ts';
import { atomicWrite } from './atomic-write.ts';
import type { Change, Resource, Writer } from './contract.ts';
import { withoutSwap } from './fstab.ts';

export interface SwapState {
  /** names in /proc/swaps, escaped as there */
  readonly active: readonly string[];
  readonly fstab: string;
  /** swap units that systemd would still start: neither masked nor gone */
  readonly units: readonly string[];
  /** zram-generator is installed and would make a swap device at boot: zram-generator(8) */
  readonly zram: boolean;
}

/**
 * Afterwards no swap is active and none comes back: fstab's swap lines are comments, swap units are masked (systemd
 * makes them for GPT partitions too: systemd-gpt-auto-generator(8)), zram-generator has an empty configuration.
 */
export function swapOff(): Resource<SwapState> {
  return {
    kind: 'swapOff',
    id: 'swap',
    probe: { script: probeScript, parse: (out) => parseSwap(out.toString()) },
    diff: swapChanges,
    apply: (host, _changes, state) => turnOff(host, state),
  };
}

const zramConf = '/etc/systemd/zram-generator.conf';

// An empty or comment-only file in /etc hides the one in /usr/lib and makes no device.
const probeScript = sh`
echo '--- active'
{ read -r head; while read -r swap; do printf '%s\n' "$swap"; done; } 2>/dev/null </proc/swaps
echo '--- units'
systemctl list-units --type swap --all --plain --no-legend 2>/dev/null
echo '--- zram'
for generator in /usr/lib/systemd/system-generators/zram-generator /lib/systemd/system-generators/zram-generator; do
  [ -e "$generator" ] || continue
  if [ ! -e ${zramConf} ] || grep -q '^[[:space:]]*\[' ${zramConf}; then echo on; fi
  break
done
echo '--- fstab'
cat /etc/fstab 2>/dev/null
exit 0`;

function parseSwap(out: string): SwapState {
  const part = (name: string, next: string): readonly string[] =>
    out
      .slice(out.indexOf(`--- ${name}\n`) + name.length + 5, out.indexOf(`--- ${next}\n`))
      .split('\n')
      .filter((line) => line !== '');
  return {
    active: part('active', 'units').map((line) => line.replace(/\s.*$/, '')),
    units: part('units', 'zram').flatMap((line) => {
      const [name = '', load = ''] = line.trim().split(/\s+/);
      return load === 'loaded' ? [name] : [];
    }),
    zram: part('zram', 'fstab').includes('on'),
    fstab: out.slice(out.indexOf('--- fstab\n') + '--- fstab\n'.length),
  };
}

function swapChanges({ active, units, zram, fstab }: SwapState): readonly Change[] {
  const changes: Change[] = active.map((name) => ({ path: 'active', from: name, to: undefined }));
  const after = withoutSwap(fstab);
  if (after !== fstab) {
    changes.push({ path: '/etc/fstab', from: 'has swap lines', to: 'comments', text: { before: fstab, after } });
  }
  for (const name of units) changes.push({ path: 'unit', from: name, to: 'masked' });
  if (zram) changes.push({ path: 'zram-generator', from: 'makes swap at boot', to: 'empty configuration' });
  return changes;
}

async function turnOff(host: Writer, { active, fstab, units, zram }: SwapState): Promise<void> {
  const root = { mode: 0o644, owner: 'root', group: 'root' };
  const after = withoutSwap(fstab);
  // First what would bring it back, so that a swapoff that fails (not enough memory) leaves the boot right.
  if (after !== fstab) await atomicWrite(host, '/etc/fstab', { ...root, content: after });
  if (zram) await atomicWrite(host, zramConf, { ...root, content: '# empty on purpose: no swap on zram\n' });
  if (active.length + units.length > 0 || after !== fstab) await stop(host, active, units);
}

async function stop(host: Writer, active: readonly string[], units: readonly string[]): Promise<void> {
  // Units made from fstab are gone after the reload; the others are masked.
  const script = sh`
for name in ${active}; do
  swapoff "$(printf '%b' "$name")" || exit 65
done
systemctl daemon-reload || exit
for unit in ${units}; do
  if [ "$(systemctl show --value -p LoadState -- "$unit")" = loaded ]; then
    systemctl stop -- "$unit" && systemctl mask -- "$unit" || exit
  fi
done`;
  const result = await host.run(script, { okCodes: [0, 65], timeout: 1800, what: 'swapoff' });
  if (result.code === 0) return;
  throw commandFailed('swap cannot be turned off', {
    ran: `swapoff ${active.join(' ')}`,
    said: result.stderr.toString().trim(),
    mend:
      'free memory and run again; in a container /proc/swaps is that of the machine: run swapoff -a there, ' +
      'or let kubelet live with it (failSwapOn: false)',
    touched: true,
  });
}
