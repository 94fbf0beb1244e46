import { readFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import { badInput } from '../errors.ts';
import { type Environment, type Opener, openerFor } from '../secrets/index.ts';
import { inventoryError } from './located-problem.ts';
import { type MapTree, mapOf, mergeMaps, type Origin, treeOf, type VarTree } from './tree.ts';
import { readVarsFile, type VarsFileContext } from './vars-file.ts';

const nothing: MapTree = { kind: 'map', origin: { file: '-e' }, entries: new Map() };

/**
 * The vars of `-e`: `versions.calico=3.28.1`, `-e '{ firewall: rules }'` (YAML or JSON), `-e @file.yaml`, and
 * `-e 'path=!env NAME'`. Later ones win. A key that holds dots is quoted: `sysctl."net.ipv4.ip_forward"=1`. Files may be
 * encrypted, as in group_vars.
 * @throws BadInput
 */
export async function parseOverrides(given: readonly string[], env: Environment = process.env): Promise<MapTree> {
  const open = openerFor(env);
  const trees: MapTree[] = [];
  for (const text of given) trees.push(await parseOne(text, env, open));
  return trees.reduce(mergeMaps, nothing);
}

async function parseOne(text: string, env: Environment, open: Opener): Promise<MapTree> {
  if (text.startsWith('@')) {
    const file = text.slice(1);
    return checked(await contentOf(file), { file, env, open });
  }
  if (text.trimStart().startsWith('{')) return checked(Buffer.from(text), { file: '-e', env, open });
  const assignment = /^((?:[^="]|"[^"]*")+)=([\s\S]*)$/.exec(text);
  const path = (assignment?.[1] ?? '').match(/"[^"]*"|[^."]+/g)?.map((key) => key.replaceAll('"', '')) ?? [];
  if (assignment?.[2] === undefined || path.length === 0) {
    throw badInput(`-e ${text}: not a var`, { mend: "write -e path.to.var=value, -e '{ … }' or -e @file.yaml" });
  }
  if (/^\s*!env\s/.test(assignment[2])) {
    const yaml = path.reduceRight((child, key) => `{ ${JSON.stringify(key)}: ${child} }`, assignment[2]);
    return checked(Buffer.from(yaml), { file: '-e', env, open });
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

async function checked(bytes: Buffer, context: VarsFileContext): Promise<MapTree> {
  const { tree, problems } = await readVarsFile(bytes, context);
  if (problems.length > 0) throw inventoryError(problems, 0);
  return tree ?? mapOf({}, { file: context.file });
}

async function contentOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw badInput(`-e @${path} cannot be read: ${why}`, { cause: error, mend: 'type for example -e @vars.yaml' });
  }
}
