import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { badInput } from '../errors.ts';

/** What every Kubernetes object has (API conventions, "Objects"). */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string | undefined;
    readonly annotations?: Readonly<Record<string, string>> | undefined;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

const kubeObject = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    annotations: z.record(z.string(), z.string()).optional(),
  }),
});

const list = z.looseObject({ kind: z.string().endsWith('List'), items: z.array(z.unknown()) });

/** Kubernetes objects out of YAML (any number of documents) or of values; lists are taken apart, empty ones left out. */
export function kubeObjects(documents: string | readonly unknown[]): readonly KubeObject[] {
  return (typeof documents === 'string' ? fromYaml(documents) : documents).flatMap((document) => {
    if (document === null || document === undefined) return [];
    const many = list.safeParse(document);
    if (many.success) return kubeObjects(many.data.items);
    const one = kubeObject.safeParse(document);
    if (one.success) return one.data;
    throw badInput(`not a Kubernetes object: ${z.prettifyError(one.error)}`, {
      said: JSON.stringify(document).slice(0, 300),
    });
  });
}

function fromYaml(text: string): readonly unknown[] {
  return parseAllDocuments(text).map((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw badInput(`not YAML: ${error.message}`);
    return document.toJS();
  });
}

/** `DaemonSet kube-system/calico-node` */
export function titleOf({ kind, metadata }: KubeObject): string {
  return `${kind} ${metadata.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata.name}`;
}

export const groupOf = ({ apiVersion }: KubeObject): string =>
  apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';

const builtInGroups: ReadonlySet<string> = new Set(
  `apps batch autoscaling policy rbac.authorization.k8s.io networking.k8s.io storage.k8s.io apiextensions.k8s.io
  apiregistration.k8s.io admissionregistration.k8s.io scheduling.k8s.io coordination.k8s.io node.k8s.io discovery.k8s.io
  events.k8s.io certificates.k8s.io flowcontrol.apiserver.k8s.io`.split(/\s+/),
);

/** Served by every API server; everything else needs a CustomResourceDefinition first. */
export const isBuiltIn = (object: KubeObject): boolean => groupOf(object) === '' || builtInGroups.has(groupOf(object));

/** Same kind, name and namespace; an object that says no namespace lives in `default` or in none. */
export function isSame(wished: KubeObject, live: KubeObject): boolean {
  return (
    wished.kind === live.kind &&
    groupOf(wished) === groupOf(live) &&
    wished.metadata.name === live.metadata.name &&
    [wished.metadata.namespace, wished.metadata.namespace ?? 'default'].includes(live.metadata.namespace)
  );
}

export function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
