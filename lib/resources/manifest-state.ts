import { lines, type Script, sh } from '../sh.ts';
import type { Probe } from './contract.ts';
import { isBuiltIn, type KubeObject, kubeObjects } from './kube-object.ts';

export interface ManifestState {
  /** why the cluster could not be asked: no kubectl, no kubeconfig, no answer */
  readonly problem: string | undefined;
  /** those of the wished objects that exist */
  readonly objects: readonly KubeObject[];
}

/**
 * Asks by `kubectl get` with names alone: it works from 1.20 on, needs no right to write, and unlike `kubectl diff` leaves
 * nothing in /tmp. Its cache of the API's contents, which it would write below $HOME, is put where nothing can be written.
 */
export function manifestProbe(kubeconfig: string, objects: readonly KubeObject[]): Probe<ManifestState> {
  return { script: lines(preamble(kubeconfig), ...batchesOf(objects).map(ask)), parse };
}

const preamble = (kubeconfig: string): Script => sh`
if ! command -v kubectl >/dev/null; then echo 'there is no kubectl'; exit 0; fi
if [ ! -r ${kubeconfig} ]; then echo ${`there is no ${kubeconfig}`}; exit 0; fi
echo asked
get() {
  { said=$(kubectl --kubeconfig ${kubeconfig} --cache-dir /proc/konverge --request-timeout 15s \
    get --ignore-not-found -o json -f - 2>&1 >&3); } 3>&1
  code=$?
  printf '\n#said %s\n%s\n#end\n' "$code" "$said"
}`;

const ask = (batch: readonly KubeObject[]): Script => sh`printf %s ${JSON.stringify(stubs(batch))} | get`;

const stubs = (batch: readonly KubeObject[]): object => ({
  apiVersion: 'v1',
  kind: 'List',
  items: batch.map(({ apiVersion, kind, metadata: { name, namespace } }) => ({
    apiVersion,
    kind,
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  })),
});

/** A kind that the server does not know fails a whole call, so what may not be known yet is asked for apart. */
function batchesOf(objects: readonly KubeObject[]): readonly (readonly KubeObject[])[] {
  const batches = new Map<string, KubeObject[]>();
  for (const object of objects) {
    const key = isBuiltIn(object) ? '' : `${object.apiVersion} ${object.kind}`;
    batches.set(key, [...(batches.get(key) ?? []), object]);
  }
  return [...batches.values()];
}

function parse(out: Buffer): ManifestState {
  const text = out.toString();
  const first = text.replace(/\n[^]*$/, '');
  if (first !== 'asked') return { problem: first, objects: [] };
  const answers = [...text.slice(first.length).matchAll(/([^]*?)\n#said (\d+)\n([^]*?)\n#end\n/g)];
  const problems = answers.flatMap(([, , code, said = '']) => (code === '0' || isUnknownKind(said) ? [] : said.trim()));
  return {
    problem: problems[0]?.split('\n').at(-1),
    objects: answers.flatMap(([, json = '']) => (json.trim() === '' ? [] : kubeObjects([JSON.parse(json)]))),
  };
}

/** Its definition is not there yet: then neither is any object of it. */
const isUnknownKind = (said: string): boolean => /no matches for kind|doesn't have a resource type/.test(said);
