import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** The top of the repository. */
export const root = resolve(import.meta.dirname, '../..');

/** What may be a cycle or go through a wrong door. */
export const houses = ['lib', 'roles', 'playbooks', 'group_vars'] as const;

/** Every .ts file below these folders, as paths from the top; a folder that does not exist has none. */
export function sources(folders: readonly string[]): readonly string[] {
  return folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .toSorted();
}

export const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** The module names in a source text: static, type-only, re-exported, bare and dynamic imports alike. */
export function specifiers(source: string): readonly string[] {
  const code = source.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '');
  const statement = /^\s*(?:import|export)\b[^'";]*?\bfrom\s*['"]([^'"\n]+)['"]|^\s*import\s*['"]([^'"\n]+)['"]/gm;
  const dynamic = /\bimport\(\s*['"]([^'"\n]+)['"]\s*\)/g;
  const found = [...code.matchAll(statement), ...code.matchAll(dynamic)];
  return found.flatMap(([, from, bare]) => [from ?? bare ?? []].flat());
}

/** `./x.ts` in `lib/plan/y.ts` is `lib/plan/x.ts`, `konverge` is our own door; a package or `node:` module keeps its name. */
export function target(file: string, specifier: string): string {
  const [, role] = /^konverge(?:\/(roles\/[^/]+))?$/.exec(specifier) ?? [];
  if (specifier.startsWith('konverge')) return `${role ?? 'lib'}/index.ts`;
  return specifier.startsWith('.') ? join(dirname(file), specifier) : specifier;
}

export const importsOf = (file: string): readonly string[] =>
  specifiers(read(file)).map((specifier) => target(file, specifier));
