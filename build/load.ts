import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// It runs from dist/, beside what was built: see docs/engine.md.

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = ['lib', 'roles', 'build'];

/** Nothing of the sources was written, added or removed after the build. An installed package stays as it is. */
export function isUpToDate(): boolean {
  if (root.includes('/node_modules/')) return true;
  const built = statSync(join(root, 'dist/built.js'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return sources.every((folder) => {
    if (!existsSync(join(root, folder))) return true;
    const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
    const compiled = entries.filter((entry) => entry.isDirectory() || entry.name.endsWith('.ts'));
    return compiled.every((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs < built);
  });
}

const useBuilt = isUpToDate();

/** The exports of `lib` or of `roles/NAME`: as built, or of the sources where those are newer. All are from the same side. */
export async function load(folder: string): Promise<object> {
  if (!useBuilt) return import(new URL(`../${folder}/index.ts`, import.meta.url).href);
  const built: Readonly<Record<string, object>> = await import(new URL('built.js', import.meta.url).href);
  return built[folder] ?? {};
}

/** `import()` for the rest of dist: tsx maps each line anew of a file that holds one, which takes longer than loading it. */
export const bring = (file: string): Promise<object> => import(file);
