import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { codeOf } from '../../lib/run/code-of.ts';

let folder: string;
const at = (path: string): string => join(folder, path);
const write = (path: string, text: string): void => {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), text);
};
const code = () => codeOf(at('playbooks/own.ts'), [at('roles/a')]);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'konverge-code-'));
  write(
    'playbooks/own.ts',
    "import { main } from 'konverge';\nimport { a } from '../roles/a/index.ts';\nconst b = await import(`${'x'}`);",
  );
  write(
    'roles/a/index.ts',
    "import '../../more/side.js';\nexport * from '../../more/b';\nexport {\n  c,\n} from '../../more/c/index.ts';",
  );
  write('roles/a/templates/x.ejs', 'one');
  write('more/side.ts', "import '../roles/a/index.ts'; // a circle");
  write('more/b.ts', 'export const b = 1;');
  write('more/c/index.ts', "const d = () => import('./d.ts');");
  write('more/c/d.ts', '');
  write('more/unused.ts', '');
  write('node_modules/konverge/index.ts', '');
});
afterEach(() => rmSync(folder, { recursive: true }));

it.each([
  'playbooks/own.ts',
  'roles/a/index.ts',
  'roles/a/templates/x.ejs',
  'more/side.ts',
  'more/b.ts',
  'more/c/index.ts',
  'more/c/d.ts',
])('an edit in %s is another code', (path) => {
  const before = code();
  expect(code()).toBe(before);
  write(path, '// edited');
  expect(code()).not.toBe(before);
});

it.each(['more/unused.ts', 'node_modules/konverge/index.ts', 'README.md'])('an edit in %s is not', (path) => {
  const before = code();
  write(path, '// edited');
  expect(code()).toBe(before);
});

it('an edit in a clone of konverge is, also in a role that is imported by its name', async () => {
  write('own/playbooks/site.ts', "import { main } from 'konverge';\nimport { a } from 'konverge/roles/a';");
  write('own/lib/index.ts', "export * from './a.ts';");
  write('own/lib/a.ts', '');
  write('own/roles/a/index.ts', '');
  write('own/lib/run/code-of.ts', readFileSync('lib/run/code-of.ts', 'utf8'));
  const clone: { codeOf: typeof codeOf } = await import(at('own/lib/run/code-of.ts'));
  const ownCode = (): string => clone.codeOf(at('own/playbooks/site.ts'), []);
  for (const path of ['own/lib/a.ts', 'own/roles/a/index.ts']) {
    const before = ownCode();
    write(path, '// edited');
    expect(ownCode()).not.toBe(before);
  }
});

it('a template that comes or goes is', () => {
  const before = code();
  write('roles/a/templates/y.ejs', 'two');
  expect(code()).not.toBe(before);
});
