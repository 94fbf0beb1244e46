import { type Resource, reveal, type Script, type Secret, sh } from '../../lib/index.ts';
import {
  apiOf,
  type ClusterSettings,
  defineKubectl,
  endpointOf,
  type HostWitness,
  hostWitness,
  initMark,
  isHealthy,
  type Machine,
  memberDataOf,
  ownFolder,
} from '../kubeadm/index.ts';

/**
 * A cluster runs on this host: its API server is ready and kubeadm has stored its configuration there. `resume` goes
 * through all phases but preflight: each keeps what it finds, so an init that died anywhere is finished, not repeated.
 */
export function kubeadmInit(
  machine: Machine,
  settings: ClusterSettings,
  config: Secret<{ readonly text: string }>,
  resume: boolean,
): Resource<HostWitness> {
  return {
    kind: 'kubeadm-init',
    id: machine.name,
    probe: hostWitness(machine.name, apiOf(machine, settings), memberDataOf(settings)),
    diff: (witness) => (isHealthy(witness) ? [] : [{ path: 'cluster', to: `${endpointOf(settings)}, started here` }]),
    async apply(host) {
      const script = initScript(machine, settings, resume);
      await host.run(script, {
        stdin: Buffer.from(reveal(config).text),
        what: 'kubeadm init',
        timeout: settings.timeout * 2 + 60,
      });
    },
  };
}

// The mark says to the next run that init has begun. What kubeadm prints goes to a file: if the connection dies, it must
// not be killed by writing to a closed pipe.
function initScript(machine: Machine, settings: ClusterSettings, resume: boolean): Script {
  return sh`rm -rf /run/konverge-init.*
d=$(mktemp -d /run/konverge-init.XXXXXX) || exit 1
trap 'rm -rf "$d"' EXIT
trap 'exit 129' HUP; trap 'exit 130' INT; trap 'exit 143' TERM
cat >"$d/config.yaml" && mkdir -p ${ownFolder} && : >${initMark} || exit 1
kubeadm init --config "$d/config.yaml" --skip-token-print ${resume ? sh`--skip-phases preflight` : sh``} \
  >"$d/log" 2>&1 </dev/null || { code=$?; tail -n 60 "$d/log" >&2; exit $code; }
${defineKubectl(apiOf(machine, settings))}
n=0
until k get --raw /readyz >/dev/null 2>&1; do
  n=$((n + 1)); [ $n -lt 30 ] || { echo "kubeadm init is done, but the API server is not ready" >&2; exit 1; }
  sleep 2
done
rm -f ${initMark}`;
}
