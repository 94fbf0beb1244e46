import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

/** The folder is the top of a repository of a user's own: konverge is found by its name, and what one needs besides. */
export function installIn(folder: string): void {
  writeFileSync(join(folder, 'package.json'), '{ "name": "mine", "type": "module" }\n');
  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  symlinkSync(root, join(modules, 'konverge'));
  for (const name of ['zod', 'tsx', '@types']) symlinkSync(join(root, 'node_modules', name), join(modules, name));
}
