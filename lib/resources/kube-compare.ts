import { asRecord, isBuiltIn, isRecord, type KubeObject } from './kube-object.ts';
import { sameQuantity } from './kube-quantity.ts';

/** One wished field that the live object does not have so. */
export interface FieldDifference {
  /** `spec.template.spec.containers[name=calico-node].image` */
  readonly path: string;
  readonly from: unknown;
  readonly to: unknown;
}

/**
 * The wished fields that the live object does not have: exactly what a server-side apply with force would change, as far as
 * that can be read from the object. Fields that we do not wish are the server's defaults or someone else's and do not count.
 */
export function compareObjects(wished: KubeObject, live: KubeObject): readonly FieldDifference[] {
  return compare(wished, live, { path: '', builtIn: isBuiltIn(wished) });
}

interface Place {
  readonly path: string;
  /** the lists of built-in kinds are merged by known keys, those of custom ones replaced */
  readonly builtIn: boolean;
}

function compare(wished: unknown, live: unknown, place: Place): readonly FieldDifference[] {
  if (isNothing(wished, place) && isNothing(live, place)) return [];
  const keys = isRecord(wished) ? Object.keys(wished) : [];
  if (isRecord(wished) && (isRecord(live) || (live === undefined && keys.length > 0))) {
    return keys.flatMap((key) => compare(wished[key], asRecord(live)[key], below(place, `.${key}`)));
  }
  if (Array.isArray(wished) && Array.isArray(live)) return compareLists(wished, live, place);
  return wished === live || sameQuantity(place.path, wished, live)
    ? []
    : [{ path: place.path, from: live, to: wished }];
}

/**
 * The types of built-in kinds drop empty values (Go's `omitempty`), so these mean the same as an absent field; an empty
 * struct such as `emptyDir: {}` is kept, an empty map is not. Custom kinds are kept as they were sent, but for nulls.
 */
function isNothing(value: unknown, { path, builtIn }: Place): boolean {
  if (value === undefined || value === null) return true;
  if (!builtIn) return false;
  if (value === '' || value === false || value === 0) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isRecord(value) && Object.keys(value).length === 0 && maps.has(lastField(path));
}

const maps: ReadonlySet<string> = new Set(
  'annotations labels matchLabels nodeSelector data binaryData limits requests hard capacity parameters'.split(' '),
);

const below = (place: Place, step: string): Place => ({ ...place, path: `${place.path}${step}`.replace(/^\./, '') });

function compareLists(wished: readonly unknown[], live: readonly unknown[], place: Place): readonly FieldDifference[] {
  const keys = place.builtIn ? mergeKeys.get(lastField(place.path)) : undefined;
  const named = keys === undefined || ![...wished, ...live].every(isRecord) ? undefined : keys;
  if (named === undefined) return compareAtomic(wished, live, place);
  return wished.flatMap((item) => {
    const id = identity(item, named);
    const found = live.find((other) => identity(other, named) === id);
    const here = below(place, `[${id}]`);
    return found === undefined ? [{ path: here.path, from: undefined, to: item }] : compare(item, found, here);
  });
}

/** Replaced as a whole: same length, same order. Inside an item the server may still have added defaults. */
function compareAtomic(wished: readonly unknown[], live: readonly unknown[], place: Place): readonly FieldDifference[] {
  if (wished.length !== live.length) return [{ path: place.path, from: live, to: wished }];
  return wished.flatMap((item, i) => compare(item, live[i], below(place, `[${i}]`)));
}

const lastField = (path: string): string => path.replace(/\[[^\]]*\]$/, '').replace(/^.*\./, '');

/**
 * Lists that the API merges by key (`x-kubernetes-list-type: map` in the OpenAPI of apps, batch and core); all others are
 * atomic. A field that is left out of an item counts with its default.
 */
const mergeKeys: ReadonlyMap<string, readonly string[]> = new Map([
  ['containers', ['name']],
  ['initContainers', ['name']],
  ['env', ['name']],
  ['volumes', ['name']],
  ['volumeMounts', ['mountPath']],
  ['volumeDevices', ['devicePath']],
  ['ports', ['containerPort', 'port', 'protocol']],
  ['imagePullSecrets', ['name']],
  ['hostAliases', ['ip']],
  ['topologySpreadConstraints', ['topologyKey', 'whenUnsatisfiable']],
  ['webhooks', ['name']],
  ['ownerReferences', ['uid']],
]);

const defaults: ReadonlyMap<string, string> = new Map([['protocol', 'TCP']]);

function identity(item: unknown, keys: readonly string[]): string {
  return keys
    .flatMap((key) => {
      const value = asRecord(item)[key] ?? defaults.get(key);
      return typeof value === 'string' || typeof value === 'number' ? `${key}=${value}` : [];
    })
    .join(',');
}
