import { copyFileSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { root } from '../house/imports.ts';

let folder: string;
const at = (path: string): string => join(folder, path);
const write = (path: string, text: string): void => {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), text);
};
const old = (path: string): void => utimesSync(at(path), 1_700_000_000, 1_700_000_000);

// A package that was built a minute ago and not touched since. What is loaded tells where it is from.
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'konverge-built-'));
  write('package.json', '{ "type": "module" }');
  write('lib/index.ts', "export const from = 'the sources';");
  write('lib/deep/a.ts', '');
  write('roles/a/index.ts', "export const from = 'the sources of a';");
  write('roles/a/templates/x.ejs', '');
  write('build/build.ts', '');
  write('dist/built.js', "export const lib = { from: 'dist' };");
  copyFileSync(join(root, 'build/load.ts'), at('dist/load.ts'));
  for (const path of ['lib/deep/a.ts', 'lib/deep', 'lib/index.ts', 'roles/a/templates/x.ejs', 'roles/a/templates'])
    old(path);
  for (const path of ['roles/a/index.ts', 'roles/a', 'build/build.ts']) old(path);
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Loader {
  load(name: string): Promise<object>;
}
async function from(name = 'lib', loader = at('dist/load.ts')): Promise<object> {
  const module: Loader = await import(pathToFileURL(loader).href);
  return module.load(name);
}

it('takes what was built', async () => {
  expect(await from()).toHaveProperty('from', 'dist');
});

it.each([
  ['a file is edited', () => write('lib/deep/a.ts', '// edited')],
  ['a role is edited', () => write('roles/a/index.ts', "export const from = 'the sources of a';")],
  ['a file is added', () => write('lib/deep/b.ts', '')],
  ['a file is removed', () => rmSync(at('lib/deep/a.ts'))],
  ['nothing is built', () => rmSync(at('dist/built.js'))],
  ['it is built in another way', () => write('build/build.ts', '// edited')],
])('takes the sources of all when %s', async (_, change) => {
  change();
  expect(await from()).toHaveProperty('from', 'the sources');
  expect(await from('roles/a')).toHaveProperty('from', 'the sources of a');
});

it('a template is no source: it is read where it is', async () => {
  write('roles/a/templates/x.ejs', 'edited');
  old('roles/a/templates');
  expect(await from()).toHaveProperty('from', 'dist');
});

it('an installed package is as it was built, whatever the times of its files', async () => {
  const installed = 'node_modules/konverge';
  write(`${installed}/dist/built.js`, "export const lib = { from: 'dist' };");
  write(`${installed}/lib/index.ts`, '');
  copyFileSync(join(root, 'build/load.ts'), at(`${installed}/dist/load.ts`));
  expect(await from('lib', at(`${installed}/dist/load.ts`))).toHaveProperty('from', 'dist');
});
