import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { root } from '../house/imports.ts';
import { installIn } from '../installed.ts';

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

it('a message names the line of the source that it comes from', () => {
  const folder = mkdtempSync(join(tmpdir(), 'konverge-own-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  installIn(folder);
  const hosts = `import { defineInventory, groupVars } from 'konverge';
import { z } from 'zod';
export const inventory = defineInventory({ vars: groupVars('.', z.strictObject({})), hosts: { h: { address: '10.9.0.1' } }, groups: {} });
`;
  const book = `import { main, play, playbook } from 'konverge';
import { chrony } from 'konverge/roles/chrony';
await main(import.meta, playbook('own', ({ all }) => [play('x', all, [chrony({ servers: ['a'], timezone: 'no zone' })])]));
`;
  writeFileSync(join(folder, 'hosts.ts'), hosts);
  writeFileSync(join(folder, 'own.ts'), book);
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'own.ts'], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(status).toBe(3);
  const line =
    readFileSync(join(root, 'roles/chrony/index.ts'), 'utf8')
      .split('\n')
      .findIndex((each) => each.includes('timezone(vars')) + 1;
  expect(stderr).toMatch(
    new RegExp(`not the name of a time zone: no zone\\n  from  \\S*/roles/chrony/index\\.ts:${line}\\n`),
  );
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
