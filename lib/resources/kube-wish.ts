import { createHash } from 'node:crypto';
import { asRecord, isBuiltIn, isRecord, type KubeObject } from './kube-object.ts';
import { isQuantity } from './kube-quantity.ts';

/** Holds the digest of the wish that was applied last: what is no longer wished shows by it alone. */
export const wishAnnotation = 'konverge/wish';

/** The object as it is sent: without what only the server writes, secrets encoded, and with its digest. */
export function toApply(object: KubeObject): KubeObject {
  const { status: _, stringData, ...rest } = object;
  const { creationTimestamp: _server, managedFields: _fields, ...metadata } = object.metadata;
  const data = stringData === undefined ? {} : { data: { ...asRecord(rest['data']), ...encoded(stringData) } };
  const plain = { ...(isBuiltIn(object) ? asRecord(spelledOut(rest, '')) : rest), ...data };
  const digest = createHash('sha256')
    .update(canonical({ ...plain, metadata }))
    .digest('hex');
  return {
    ...plain,
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: {
      ...metadata,
      name: object.metadata.name,
      annotations: { ...object.metadata.annotations, [wishAnnotation]: digest },
    },
  };
}

/** A Secret's stringData is written only, data is what can be read back. */
const encoded = (stringData: unknown): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(asRecord(stringData)).map(([key, value]) => [key, Buffer.from(String(value)).toString('base64')]),
  );

/** JSON with sorted keys: the order in a document means nothing. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    isRecord(inner) ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );
}

/** What older API servers demand in a server-side apply: quantities as strings, every key of a list merged by keys. */
function spelledOut(value: unknown, path: string): unknown {
  if (typeof value === 'number') return isQuantity(path) ? String(value) : value;
  if (Array.isArray(value)) {
    return value.map((item) => spelledOut(isPort(path, item) ? { protocol: 'TCP', ...item } : item, path));
  }
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, spelledOut(inner, `${path}.${key}`)]));
}

const isPort = (path: string, item: unknown): item is Readonly<Record<string, unknown>> =>
  path.endsWith('.ports') && isRecord(item) && ('containerPort' in item || 'port' in item);
