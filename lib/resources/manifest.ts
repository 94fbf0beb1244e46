import { badInput } from '../errors.ts';
import type { Change, Resource } from './contract.ts';
import { compareObjects, type FieldDifference } from './kube-compare.ts';
import { isSame, type KubeObject, kubeObjects, titleOf } from './kube-object.ts';
import { toApply, wishAnnotation } from './kube-wish.ts';
import { applyObjects } from './manifest-apply.ts';
import { type ManifestState, manifestProbe } from './manifest-state.ts';

export interface ManifestOptions {
  /** path on the host, such as /etc/kubernetes/admin.conf */
  readonly kubeconfig: string;
  /** YAML of any number of documents, or objects */
  readonly documents: string | readonly unknown[];
  /** false: objects are only created; what exists is left as it is. Default true */
  readonly owned?: boolean;
}

/**
 * The cluster has these objects with all their fields; a server-side apply of them would change nothing. Fields that are not
 * named here stay whoever's they are. Hand-made changes of a named field are found and undone; so are fields and list items
 * that an earlier run of ours had set and this one no longer wishes. Nothing is deleted.
 * @throws BadInput on what is not a Kubernetes object; CommandFailed with the API server's words
 */
export function manifest(
  id: string,
  { kubeconfig, documents, owned = true }: ManifestOptions,
): Resource<ManifestState> {
  const objects = kubeObjects(documents).map(toApply);
  if (objects.length === 0) throw badInput(`manifest ${id}: it holds no object`);
  const titles = objects.map(titleOf);
  const twice = titles.find((title, i) => titles.indexOf(title) !== i && isTwin(objects, i, titles.indexOf(title)));
  if (twice !== undefined) throw badInput(`manifest ${id}: it holds ${twice} twice`);
  const pending = (state: ManifestState): readonly KubeObject[] =>
    objects.filter((object) => changesOf(object, state, owned).length > 0);
  return {
    kind: 'manifest',
    id,
    probe: manifestProbe(kubeconfig, objects),
    diff: (state) =>
      state.problem === undefined
        ? objects.flatMap((object) => changesOf(object, state, owned))
        : [{ path: 'objects', from: `not known: ${state.problem}`, to: `${objects.length} applied` }],
    apply: (host, _changes, state) =>
      applyObjects(host, id, kubeconfig, state.problem === undefined ? pending(state) : objects),
  };
}

/** The same title in another API group is another object. */
function isTwin(objects: readonly KubeObject[], i: number, k: number): boolean {
  const [one, other] = [objects[i], objects[k]];
  return one !== undefined && other !== undefined && isSame(one, other);
}

/** An operator reads the first differences of an object, not hundreds. */
const shown = 5;

function changesOf(wished: KubeObject, state: ManifestState, owned: boolean): readonly Change[] {
  const title = titleOf(wished);
  const live = state.objects.find((object) => isSame(wished, object));
  if (live === undefined) return [{ path: title, to: 'created' }];
  if (!owned) return [];
  const found = compareObjects(wished, live);
  const telling = found.filter(({ path }) => path !== `metadata.annotations.${wishAnnotation}`);
  if (found.length > 0 && telling.length === 0) return [{ path: title, from: 'an earlier wish', to: 'this one' }];
  const rest = telling.length - shown;
  return [
    ...telling.slice(0, shown).map((difference) => inWords(title, difference, wished.kind === 'Secret')),
    ...(rest > 0 ? [{ path: title, from: `${rest} more fields`, to: 'as wished' }] : []),
  ];
}

function inWords(title: string, { path, from, to }: FieldDifference, hidden: boolean): Change {
  const where = `${title} ${path}`;
  if (hidden) return { path: where, from: 'another one', to: 'as wished' };
  const base = { path: where, ...(from === undefined ? {} : { from: short(from) }), to: short(to) };
  const isText = typeof from === 'string' && typeof to === 'string' && `${from}${to}`.includes('\n');
  return isText ? { ...base, text: { before: from, after: to } } : base;
}

const longest = 80;

function short(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
