import { type Change, type Resource, reveal, type Script, sh } from '../../lib/index.ts';
import {
  apiOf,
  type ClusterSettings,
  endpointOf,
  fileState,
  type HostRole,
  type HostWitness,
  hostWitness,
  type Machine,
  memberDataOf,
  planned,
  topologyOf,
} from '../kubeadm/index.ts';
import type { HiddenText } from './join-data.ts';

/** The host has everything that kubeadm gives to a member of this role. `config` undefined: it exists only in a real run. */
export function kubeadmJoin(
  machine: Machine,
  role: HostRole,
  settings: ClusterSettings,
  config: HiddenText | undefined,
): Resource<HostWitness | undefined> {
  const { timeout } = settings;
  const changes: readonly Change[] = [{ path: 'cluster', to: `${role} of ${endpointOf(settings)}` }];
  if (config === undefined) return planned('kubeadm-join', machine.name, changes);
  return {
    kind: 'kubeadm-join',
    id: machine.name,
    probe: hostWitness(machine.name, apiOf(machine, settings), memberDataOf(settings)),
    diff: (witness) =>
      witness !== undefined && fileState(witness.files, role, topologyOf(settings)) === 'all' ? [] : changes,
    async apply(host) {
      const stdin = Buffer.from(reveal(config).text);
      await host.run(joinScript, { stdin, what: 'kubeadm join', timeout: timeout * 2 + 60 });
    },
  };
}

// The file with the token lives in memory (/run) and not longer than kubeadm. What kubeadm prints goes to a file: if the
// connection dies, it must not be killed by a closed pipe between announcing an etcd member and starting it.
const joinScript: Script = sh`rm -rf /run/konverge-join.*
d=$(mktemp -d /run/konverge-join.XXXXXX) || exit 1
trap 'rm -rf "$d"' EXIT
trap 'exit 129' HUP; trap 'exit 130' INT; trap 'exit 143' TERM
cat >"$d/config.yaml" || exit 1
kubeadm join --config "$d/config.yaml" >"$d/log" 2>&1 </dev/null || { code=$?; tail -n 60 "$d/log" >&2; exit $code; }`;
