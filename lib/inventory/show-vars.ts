import { isSecret, redact } from '../secret.ts';
import { originText, treeAt, type VarPath, type VarTree } from './tree.ts';

export interface ShownVar {
  /** `sysctl.net.ipv4.ip_forward` */
  readonly path: string;
  /** JSON, secrets masked */
  readonly value: string;
  /** `group_vars/all.yaml:12:3`, or `default` when nobody wrote it */
  readonly origin: string;
}

/** Every leaf of the parsed vars; a list is one leaf. */
export function shownVars(vars: unknown, tree: VarTree): readonly ShownVar[] {
  return leaves(vars, []).map(([path, value]) => {
    const node = treeAt(tree, path);
    const env = node?.kind === 'leaf' ? node.env : undefined;
    // What comes from the environment was kept out of the files for a reason, whatever the schema says of it.
    const shown = env === undefined ? redact(JSON.stringify(value) ?? 'undefined') : '"•••••"';
    const origin = node === undefined ? 'default' : originText(node.origin);
    return { path: path.join('.'), value: shown, origin: env === undefined ? origin : `${origin} (!env ${env})` };
  });
}

function leaves(value: unknown, path: VarPath): readonly (readonly [VarPath, unknown])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || isSecret(value)) return [[path, value]];
  const entries = Object.entries(value);
  if (entries.length === 0) return [[path, value]];
  return entries.flatMap(([key, child]) => leaves(child, [...path, key]));
}
