import type { Opener } from '../secrets/index.ts';
import type { LocatedProblem } from './located-problem.ts';
import type { LeafTree, MapTree, VarPath, VarTree } from './tree.ts';

export interface Unlocked {
  readonly tree: MapTree;
  readonly problems: readonly LocatedProblem[];
}

/** The same vars with every `!age` value decrypted: it is a Secret. What cannot be decrypted is a problem. */
export async function unlock(tree: MapTree, open: Opener): Promise<Unlocked> {
  const problems: LocatedProblem[] = [];
  return { tree: await unlockMap(tree, [], { open, problems }), problems };
}

interface Unlocking {
  readonly open: Opener;
  readonly problems: LocatedProblem[];
}

async function unlockMap(tree: MapTree, path: VarPath, unlocking: Unlocking): Promise<MapTree> {
  const entries = new Map<string, VarTree>();
  for (const [key, child] of tree.entries) entries.set(key, await unlockTree(child, [...path, key], unlocking));
  return { ...tree, entries };
}

async function unlockTree(tree: VarTree, path: VarPath, unlocking: Unlocking): Promise<VarTree> {
  if (tree.kind === 'map') return unlockMap(tree, path, unlocking);
  if (tree.kind === 'leaf') return unlockLeaf(tree, path, unlocking);
  const items = tree.items.map((item, index) => unlockTree(item, [...path, index], unlocking));
  return { ...tree, items: await Promise.all(items) };
}

async function unlockLeaf(leaf: LeafTree, path: VarPath, { open, problems }: Unlocking): Promise<LeafTree> {
  const { armored, ...rest } = leaf;
  if (armored === undefined) return leaf;
  const opened = await open(Buffer.from(armored), 'value');
  if (opened.text !== undefined) return { ...rest, value: opened.text };
  problems.push({ origin: leaf.origin, path, message: opened.problem, mend: opened.mend });
  return rest;
}
