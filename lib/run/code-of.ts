import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const house = fileURLToPath(new URL('../..', import.meta.url));
const isInstalled = house.includes('/node_modules/');

/**
 * A fingerprint of the code that a run is made of: `program`, what it imports by a path, what that imports, and so on, and
 * all that is in the folders of the roles (templates). Two runs of unchanged files have the same. Packages are not looked
 * into: their files do not change under their version. That is not so of konverge where it is no package but a clone.
 */
export function codeOf(program: string, roleFolders: Iterable<string>): string {
  const found = new Map<string, string>();
  follow(program, found);
  for (const folder of new Set(roleFolders)) addFolder(folder, found);
  const hash = createHash('sha256');
  for (const [path, digest] of [...found].toSorted(([a], [b]) => (a < b ? -1 : 1))) hash.update(`${path}\0${digest}\n`);
  return hash.digest('hex');
}

/** false = there is no such file */
function follow(path: string, found: Map<string, string>): boolean {
  if (found.has(path)) return true;
  const text = contentOf(path);
  if (text === undefined) return false;
  found.set(path, digestOf(text));
  for (const specifier of pathsIn(text.toString('utf8'))) followImport(specifier, dirname(path), found);
  return true;
}

/** A loader of TypeScript takes `./x.js` and `./x` for `./x.ts` too. */
function followImport(specifier: string, folder: string, found: Map<string, string>): void {
  const path = pathOf(specifier, folder);
  if (path === undefined) return;
  const candidates = [path, path.replace(/\.([cm]?)js$/, '.$1ts'), `${path}.ts`, join(path, 'index.ts')];
  candidates.some((each) => follow(each, found));
}

function pathOf(specifier: string, folder: string): string | undefined {
  if (specifier.startsWith('file:')) return fileURLToPath(specifier);
  if (!specifier.startsWith('konverge')) return resolve(folder, specifier);
  return isInstalled ? undefined : join(house, specifier.replace(/^konverge\/?/, '') || 'lib');
}

/** What is named in quotes after `from`, `import` and `import(`, when it is a path or konverge. One in a comment does no harm. */
function pathsIn(source: string): readonly string[] {
  const quoted = source.matchAll(
    /\b(?:from|import)\s*\(?\s*(['"])((?:(?:\.{0,2}|konverge)\/|file:)[^'"\n]+|konverge)\1/g,
  );
  return [...quoted].map(([, , specifier = '']) => specifier);
}

function addFolder(folder: string, found: Map<string, string>): void {
  const files = filesOf(folder).filter((each) => !each.includes('/node_modules/') && !found.has(each));
  for (const file of files) {
    const content = contentOf(file);
    if (content !== undefined) found.set(file, digestOf(content));
  }
}

function filesOf(folder: string): readonly string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  } catch {
    return [];
  }
}

/** Hundreds of small files: read one after the other they take a third of the time that promises take. */
function contentOf(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

const digestOf = (content: Buffer): string => createHash('sha256').update(content).digest('hex');
