import { sh } from '../sh.ts';
import type { Writer } from './contract.ts';
import { isBuiltIn, type KubeObject, titleOf } from './kube-object.ts';

/**
 * Server-side apply: no size limit by an annotation, and fields keep their owners (KEP-555). What other objects need first
 * (namespaces, definitions of kinds) goes first, and the definitions are waited for. @throws CommandFailed
 */
export async function applyObjects(
  host: Writer,
  id: string,
  kubeconfig: string,
  objects: readonly KubeObject[],
): Promise<void> {
  const first = objects.filter(({ kind }) => foundations.has(kind));
  const rest = objects.filter(({ kind }) => !foundations.has(kind));
  const definitions = first.filter(({ kind }) => kind === 'CustomResourceDefinition');
  await apply(host, id, kubeconfig, first);
  if (definitions.length > 0 && rest.some((object) => !isBuiltIn(object))) {
    const names = definitions.map(({ metadata }) => `crd/${metadata.name}`);
    const script = sh`kubectl --kubeconfig ${kubeconfig} wait --for condition=established --timeout=60s ${names}`;
    await host.run(script, { what: `${id}: wait for ${names.length} definitions` });
  }
  await apply(host, id, kubeconfig, rest);
}

const foundations: ReadonlySet<string> = new Set(['Namespace', 'CustomResourceDefinition']);

async function apply(host: Writer, id: string, kubeconfig: string, objects: readonly KubeObject[]): Promise<void> {
  const [only] = objects;
  if (only === undefined) return;
  const what = `kubectl apply ${id}: ${objects.length === 1 ? titleOf(only) : `${objects.length} objects`}`;
  const script = sh`kubectl --kubeconfig ${kubeconfig} apply --server-side --force-conflicts --field-manager=konverge -f -`;
  await host.run(script, { stdin: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }), what });
}
