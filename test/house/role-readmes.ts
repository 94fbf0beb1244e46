import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ZodType } from 'zod';
import { root } from './imports.ts';
import { varsTable } from './vars-table.ts';

/** Folders below roles/ that several roles build on. */
const notRoles = new Set(['artifact', 'conflicting-packages', 'kubeadm']);

const begin = '<!-- vars: written by test/house/role-readmes.ts from the schema of the role -->';
const end = '<!-- end of vars -->';

export interface Readme {
  readonly role: string;
  readonly path: string;
  /** undefined = there is none */
  readonly text: string | undefined;
  /** what the file should say; undefined = its markers are not as they should be */
  readonly wished: string | undefined;
}

export const roleNames = (folder = join(root, 'roles')): readonly string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !notRoles.has(entry.name))
    .map(({ name }) => name)
    .toSorted();

/** The README of a role as it is, and as its schema says it should be. @throws when the folder holds no role */
export async function readmeOf(role: string, folder = join(root, 'roles')): Promise<Readme> {
  const path = join(folder, role, 'README.md');
  const text = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  const table = varsTable(await schemaOf(join(folder, role, 'index.ts'), role));
  return { role, path: relative(root, path), text, wished: text === undefined ? undefined : withTable(text, table) };
}

/**
 * The text with this table between the two markers. A text without them gets them in the place of a table of vars that was
 * written by hand, else at its end; undefined = one of them is missing, or there are several.
 */
export function withTable(text: string, table: string): string | undefined {
  const block = `${begin}\n\n${table}\n\n${end}`;
  if (!text.includes(begin) && !text.includes(end)) {
    const adopted = text.replace(/^\| *var *\|.*\n(?:\|.*\n)+/m, () => `${block}\n`);
    return adopted === text ? `${text.trimEnd()}\n\n${block}\n` : adopted;
  }
  const [before = '', rest, ...more] = text.split(begin);
  const [, after, ...again] = rest?.split(end) ?? [];
  return after === undefined || more.length + again.length > 0 ? undefined : `${before}${block}${after}`;
}

async function schemaOf(file: string, role: string): Promise<ZodType> {
  const name = role.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const module: Readonly<Record<string, unknown>> = await import(pathToFileURL(file).href);
  const found = module[name];
  if (typeof found === 'function' && 'schema' in found && found.schema instanceof ZodType) return found.schema;
  throw new Error(`${relative(root, file)} does not export a role ${name}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const readme of await Promise.all(roleNames().map((role) => readmeOf(role)))) {
    if (readme.text === undefined) console.error(`${readme.role}: there is no ${readme.path}`);
    else if (readme.wished === undefined)
      console.error(`${readme.path}: these belong there once, in this order:\n${begin}\n${end}`);
    else if (readme.wished !== readme.text) writeFileSync(join(root, readme.path), readme.wished);
  }
}
