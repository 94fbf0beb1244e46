import { gate, type Resource, sh } from '../../lib/index.ts';
import { type ApiServer, defineKubectl } from '../kubeadm/index.ts';

const established = `jsonpath={range .items[*]}{.metadata.name}={.status.conditions[?(@.type=="Established")].status} {end}`;

/**
 * Waits until the API serves these CustomResourceDefinitions. Asked for by a list on stdin: for names in its arguments,
 * kubectl holds itself back for seconds, and `kubectl wait` does too.
 */
export function definitionsServed(names: readonly string[], api: ApiServer): Resource<unknown> {
  const asked = {
    apiVersion: 'v1',
    kind: 'List',
    items: names.map((name) => ({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name },
    })),
  };
  return gate('Calico’s resource definitions are served', {
    until: sh`${defineKubectl(api)}
is=$(printf %s ${JSON.stringify(asked)} | k get --ignore-not-found -o ${established} -f -) || exit 1
left=
for name in ${names}; do
  case " $is" in *" $name=True "*) ;; *) left="$left $name" ;; esac
done
[ -z "$left" ] || { echo "not established yet:$left"; exit 1; }`,
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
