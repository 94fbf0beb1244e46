import { isSecret, redact } from '../secret.ts';
import { isHidden, originText, treeAt, type VarPath, type VarTree } from './tree.ts';

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
    // What was kept out of sight was so for a reason, whatever the schema says of it.
    const hidden = node !== undefined && isHidden(node);
    const shown = hidden ? '"•••••"' : redact(JSON.stringify(value) ?? 'undefined');
    return { path: path.join('.'), value: shown, origin: node === undefined ? 'default' : shownOrigin(node) };
  });
}

function shownOrigin(node: VarTree): string {
  const place = originText(node.origin);
  if (node.kind !== 'leaf') return place;
  if (node.env !== undefined) return `${place} (!env ${node.env})`;
  if (node.age !== undefined) return `${place} (${node.age === 'value' ? '!age' : 'encrypted file'})`;
  return place;
}

function leaves(value: unknown, path: VarPath): readonly (readonly [VarPath, unknown])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || isSecret(value)) return [[path, value]];
  const entries = Object.entries(value);
  if (entries.length === 0) return [[path, value]];
  return entries.flatMap(([key, child]) => leaves(child, [...path, key]));
}
