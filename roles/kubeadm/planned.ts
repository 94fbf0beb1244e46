import { type Change, type Resource, refused, sh } from '../../lib/index.ts';

/**
 * What a real run will ensure here, when its content can only exist then (a token, a file of another host): under
 * `--check` it stands in the list under its own name. It is never applied.
 */
export function planned(kind: string, id: string, changes: readonly Change[]): Resource<undefined> {
  return {
    kind,
    id,
    probe: { script: sh`:`, parse: () => undefined },
    diff: () => changes,
    apply: () => Promise.reject(refused(`${kind} ${id} is only known when the run gets there`)),
  };
}
