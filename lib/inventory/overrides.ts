import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { badInput } from '../errors.ts';
import { inventoryError } from './located-problem.ts';
import { type MapTree, mapOf, mergeMaps, type Origin, treeOf, type VarTree } from './tree.ts';
import { readVars } from './yaml-tree.ts';

const nothing: MapTree = { kind: 'map', origin: { file: '-e' }, entries: new Map() };

/**
 * The vars of `-e`: `versions.calico=3.28.1`, `-e '{ firewall: rules }'` (YAML or JSON), `-e @file.yaml`. Later ones
 * win. A key that holds dots is quoted: `sysctl."net.ipv4.ip_forward"=1`.
 * @throws BadInput
 */
export function parseOverrides(given: readonly string[], env = process.env): MapTree {
  return given.map((text) => parseOne(text, env)).reduce(mergeMaps, nothing);
}

function parseOne(text: string, env: NodeJS.ProcessEnv): MapTree {
  if (text.startsWith('@')) return checked(contentOf(text.slice(1)), text.slice(1), env);
  if (text.trimStart().startsWith('{')) return checked(text, '-e', env);
  const assignment = /^((?:[^="]|"[^"]*")+)=([\s\S]*)$/.exec(text);
  const path = (assignment?.[1] ?? '').match(/"[^"]*"|[^."]+/g)?.map((key) => key.replaceAll('"', '')) ?? [];
  if (assignment?.[2] === undefined || path.length === 0) {
    throw badInput(`-e ${text}: not a var`, { mend: "write -e path.to.var=value, -e '{ … }' or -e @file.yaml" });
  }
  // The origin names the var alone: the value may be a secret.
  const place: Origin = { file: `-e ${assignment[1]}` };
  const value = valueOf(assignment[2], place);
  const nested = path.reduceRight<VarTree>((child, key) => map(key, child, place), value);
  return nested.kind === 'map' ? nested : nothing;
}

const map = (key: string, child: VarTree, origin: Origin): MapTree => ({
  kind: 'map',
  origin,
  entries: new Map([[key, child]]),
});

/** A YAML value, but `1.30` stays the text that was typed: nobody means 1.3 by it. */
function valueOf(text: string, origin: Origin): VarTree {
  const document = parseDocument(text, { prettyErrors: false });
  const value: unknown = document.errors.length > 0 ? text : document.toJS();
  const kept = typeof value === 'number' && String(value) !== text.trim() ? text.trim() : value;
  return treeOf(kept ?? '', origin);
}

function checked(text: string, file: string, env: NodeJS.ProcessEnv): MapTree {
  const { tree, problems } = readVars(text, file, env);
  if (problems.length > 0) throw inventoryError(problems, 0);
  return tree ?? mapOf({}, { file });
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw badInput(`-e @${path} cannot be read`, { cause: error });
  }
}
