import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin, transformSync } from 'esbuild';
import { isUpToDate } from './load.ts';

// Makes dist/, which `konverge` and `konverge/roles/NAME` are loaded from, when it is older than the sources. See docs/engine.md.

const root = resolve(import.meta.dirname, '..');
const dist = join(root, 'dist');
const roles = readdirSync(join(root, 'roles'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
const folders = ['lib', ...roles.map(({ name }) => `roles/${name}`)];

/** `import.meta` still speaks of the source: templates are beside it, and a message names its line. */
const inPlace: Plugin = {
  name: 'in place',
  setup(bundler) {
    bundler.onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      const url = (of: string): string => `new URL(${JSON.stringify(relative(dist, of))}, import.meta.url)`;
      const contents = text.replaceAll(/import\.meta\.(url|dirname)/g, (_, what) =>
        what === 'url' ? `${url(path)}.href` : `pathOf(${url(dirname(path))})`,
      );
      // On the first line, so that the others keep their numbers.
      const needs = contents === text ? '' : `import { fileURLToPath as pathOf } from 'node:url'; `;
      return { contents: needs + contents, loader: 'ts' };
    });
  },
};

/** lib and all roles as one file, and as few more as `import()` asks for. */
async function bundle(): Promise<void> {
  const contents = folders.map((folder) => `export * as '${folder}' from './${folder}/index.ts';`).join('\n');
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    absWorkingDir: root,
    outdir: dist,
    entryNames: 'built',
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    sourcemap: 'linked',
    sourcesContent: false,
    plugins: [inPlace],
    write: false,
  });
  for (const { path, text } of outputFiles) writeFileSync(path, path.endsWith('.js') ? bringing(text) : text);
}

/** See `bring` in load.ts. */
function bringing(text: string): string {
  const changed = text.replaceAll(/\bimport\(/g, 'bring(');
  return changed === text ? text : `${changed}\nimport { bring } from './load.js';\n`;
}

/** A module with the exports of a folder's index.ts, wherever `load` takes them from. */
function door(folder: string, names: readonly string[]): void {
  const path = join(dist, `${folder === 'lib' ? 'konverge' : folder}.js`);
  const loader = folder === 'lib' ? './load.js' : '../load.js';
  const list = names.toSorted().join(', ');
  writeFileSync(path, `import { load } from '${loader}';\nexport const { ${list} } = await load('${folder}');\n`);
}

async function make(): Promise<void> {
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(join(dist, 'roles'), { recursive: true });
  const loader = readFileSync(join(import.meta.dirname, 'load.ts'), 'utf8');
  writeFileSync(join(dist, 'load.js'), transformSync(loader, { loader: 'ts', target: 'node20' }).code);
  await bundle();
  const built: Readonly<Record<string, object>> = await import(pathToFileURL(join(dist, 'built.js')).href);
  for (const folder of folders) door(folder, Object.keys(built[folder] ?? {}));
}

if (!isUpToDate()) await make();
