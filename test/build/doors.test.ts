import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../house/imports.ts';

const program = (text: string): readonly string[] => ['--import', 'tsx', '--input-type=module', '--eval', text];

it('konverge and each role show by their names what their sources show', async () => {
  const names = ['lib', ...readdirSync(join(root, 'roles')).map((role) => `roles/${role}`)];
  const wished = await Promise.all(
    names.map(async (name): Promise<readonly [string, readonly string[]]> => {
      const module: object = await import(`${root}/${name}/index.ts`);
      return [name, Object.keys(module).toSorted()];
    }),
  );
  const asked = names.map((name) => [name, name.replace(/^lib$/, '').replace(/^(?=.)/, '/')]);
  const script = `const found = {};
for (const [name, path] of ${JSON.stringify(asked)}) found[name] = Object.keys(await import('konverge' + path)).toSorted();
console.log(JSON.stringify(found));`;
  const said = execFileSync(process.execPath, program(script), { cwd: root, encoding: 'utf8' });
  expect(JSON.parse(said)).toEqual(Object.fromEntries(wished));
});

it('a second copy is refused: it would not know the secrets of the first', () => {
  const { status, stderr } = spawnSync(
    process.execPath,
    program("await import('./dist/built.js'); await import('./lib/index.ts');"),
    { cwd: root, encoding: 'utf8' },
  );
  expect(status).toBe(1);
  expect(stderr).toMatch(/konverge is loaded twice, from \S+ and from \S+: import it by its name everywhere/);
});
