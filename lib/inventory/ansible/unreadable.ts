import type { LocatedProblem } from '../located-problem.ts';
import type { VarTree } from '../tree.ts';

/** Why a value that is needed cannot be taken as it is written: an expression, or encrypted. undefined = it can. */
export function unreadable(tree: VarTree): Pick<LocatedProblem, 'origin' | 'message' | 'mend'> | undefined {
  if (tree.kind === 'list') return first(tree.items);
  if (tree.kind === 'map') return first([...tree.entries.values()]);
  const { origin } = tree;
  if (tree.vault === true) {
    return {
      origin,
      message: 'is encrypted by ansible-vault, which is not understood here',
      mend: 'write !env NAME and export NAME=… before the run',
    };
  }
  if (typeof tree.value !== 'string' || !/\{\{|\{%/.test(tree.value)) return undefined;
  return {
    origin,
    message: 'holds an expression of Jinja, which is not understood here',
    mend: 'write the value itself; a secret as !env NAME',
  };
}

const first = (trees: readonly VarTree[]): ReturnType<typeof unreadable> =>
  trees.map((each) => unreadable(each)).find((each) => each !== undefined);
