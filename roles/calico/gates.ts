import { gate, type Resource, sh } from '../../lib/index.ts';
import { type ApiServer, defineKubectl } from '../kubeadm/index.ts';

/** Waits until the API serves these CustomResourceDefinitions. */
export function definitionsServed(names: readonly string[], api: ApiServer): Resource<unknown> {
  return gate('Calico’s resource definitions are served', {
    until: sh`${defineKubectl(api)}
k wait --for condition=Established --timeout 1s customresourcedefinition ${names} 2>&1 | tail -n 3
k wait --for condition=Established --timeout 1s customresourcedefinition ${names} >/dev/null 2>&1`,
    seconds: 60,
    mend: 'look at `kubectl describe crd` of the one that is named',
  });
}

interface Rollout {
  readonly namespace: string;
  /** `daemonset/calico-node` */
  readonly what: string;
  readonly seconds: number;
  readonly mend: string;
}

const counts = {
  daemonset: ['.status.desiredNumberScheduled', '.status.updatedNumberScheduled', '.status.numberAvailable'],
  deployment: ['.spec.replicas', '.status.updatedReplicas', '.status.availableReplicas'],
} as const;

/** Waits until the workload’s controller has seen its latest version and every pod of it is up to date and available. */
export function rolledOut({ namespace, what, seconds, mend }: Rollout, api: ApiServer): Resource<unknown> {
  const kind = what.startsWith('daemonset/') ? 'daemonset' : 'deployment';
  const fields = ['.metadata.generation', '.status.observedGeneration', ...counts[kind]];
  const template = `jsonpath=${fields.map((field) => `{${field}}`).join(',')}`;
  return gate(`${what} is rolled out`, {
    until: sh`${defineKubectl(api)}
state=$(k -n ${namespace} get ${what} -o ${template}) || exit 1
echo "generation, observed, wished, updated, available: $state"
IFS=,
set -- $state
[ "$1" = "$2" ] && [ "\${3:-0}" -gt 0 ] && [ "$3" = "$4" ] && [ "$3" = "$5" ]`,
    seconds,
    mend,
  });
}
