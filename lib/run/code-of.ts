import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * A fingerprint of the code that a run is made of: `program`, what it imports by a path, what that imports, and so on, and
 * all that is in the folders of the roles (templates). Two runs of unchanged files have the same. Packages are not looked
 * into: their files do not change under their version.
 */
export async function codeOf(program: string, roleFolders: Iterable<string>): Promise<string> {
  const found = new Map<string, string>();
  await follow(program, found);
  for (const folder of new Set(roleFolders)) await addFolder(folder, found);
  const hash = createHash('sha256');
  for (const [path, digest] of [...found].toSorted(([a], [b]) => (a < b ? -1 : 1))) hash.update(`${path}\0${digest}\n`);
  return hash.digest('hex');
}

/** false = there is no such file */
async function follow(path: string, found: Map<string, string>): Promise<boolean> {
  if (found.has(path)) return true;
  // Before it is read, or each of its importers would read it.
  found.set(path, '');
  const text = await readFile(path).catch(() => undefined);
  if (text === undefined) return !found.delete(path);
  found.set(path, digestOf(text));
  await Promise.all(pathsIn(text.toString('utf8')).map((specifier) => followImport(specifier, dirname(path), found)));
  return true;
}

/** A loader of TypeScript takes `./x.js` and `./x` for `./x.ts` too. */
async function followImport(specifier: string, folder: string, found: Map<string, string>): Promise<void> {
  const path = specifier.startsWith('file:') ? fileURLToPath(specifier) : resolve(folder, specifier);
  for (const each of [path, path.replace(/\.([cm]?)js$/, '.$1ts'), `${path}.ts`, join(path, 'index.ts')]) {
    if (await follow(each, found)) return;
  }
}

/** What is named in quotes after `from`, `import` and `import(`, when it is a path. One in a comment does no harm. */
function pathsIn(source: string): readonly string[] {
  const quoted = source.matchAll(/\b(?:from|import)\s*\(?\s*(['"])((?:\.{0,2}\/|file:)[^'"\n]+)\1/g);
  return [...quoted].map(([, , specifier = '']) => specifier);
}

async function addFolder(folder: string, found: Map<string, string>): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.filter((each) => !each.includes('/node_modules/') && !found.has(each))) {
    const content = await readFile(file).catch(() => undefined);
    if (content !== undefined) found.set(file, digestOf(content));
  }
}

const digestOf = (content: Buffer): string => createHash('sha256').update(content).digest('hex');
