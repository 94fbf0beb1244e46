import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tempFolder } from '../resources/harness.ts';
import { root } from './imports.ts';
import { readmeOf, roleNames, withTable } from './role-readmes.ts';

it.each(roleNames())('%s has a README whose table says what its schema says', async (role) => {
  const { path, text, wished } = await readmeOf(role);
  expect(text, `there is no ${path}`).toBeDefined();
  expect(text, 'node --import tsx test/house/role-readmes.ts writes the tables').toBe(wished);
});

it('finds the roles', () => {
  expect(roleNames()).toContain('cni-plugins');
  expect(roleNames()).not.toContain('artifact');
});

const marked = (table: string): string =>
  `# x\n\n<!-- vars: written by test/house/role-readmes.ts from the schema of the role -->\n${table}<!-- end of vars -->\nend\n`;

it('a table that is not the one of the schema, or has no place, is noticed', async () => {
  const folder = await tempFolder();
  mkdirSync(join(folder, 'my-role'));
  const lib = JSON.stringify(join(root, 'lib/index.ts'));
  const zod = JSON.stringify(join(root, 'node_modules/zod/index.js'));
  const source = `
import { z } from ${zod};
import { defineRole } from ${lib};
const vars = z.strictObject({ size: z.int() });
export const myRole = defineRole({ name: 'my-role', vars, run: async () => {} });
`;
  writeFileSync(join(folder, 'my-role/index.ts'), source);
  expect(await readmeOf('my-role', folder)).toMatchObject({ text: undefined });
  writeFileSync(join(folder, 'my-role/README.md'), '# x\n');
  expect((await readmeOf('my-role', folder)).wished).not.toBe('# x\n');
  writeFileSync(join(folder, 'my-role/README.md'), marked('\nold\n\n'));
  const { wished } = await readmeOf('my-role', folder);
  expect(wished).toContain('| `size` | whole number | required |');
  expect(withTable(wished ?? '', 'new')).toBe(marked('\nnew\n\n'));
});

it('a folder without a role of its name is an error', async () => {
  const folder = await tempFolder();
  mkdirSync(join(folder, 'my-role'));
  writeFileSync(join(folder, 'my-role/index.ts'), 'export const other = 1;\n');
  await expect(readmeOf('my-role', folder)).rejects.toThrow('does not export a role myRole');
});

it('markers that are missing, doubled or the wrong way round', () => {
  expect(withTable(marked(''), 't')).toContain('\n\nt\n\n');
  expect(withTable(marked('').replace('<!-- end of vars -->', ''), 't')).toBeUndefined();
  expect(withTable(marked('') + marked(''), 't')).toBeUndefined();
  expect(withTable(marked('').split('\n').toReversed().join('\n'), 't')).toBeUndefined();
});

it('without markers: the table of vars that is there gives way, else the end is the place', () => {
  const text = '# x\n\n| what | how |\n| - | - |\n\n| var | default |\n| --- | --- |\n| `a` | $& |\n\n**It never** …\n';
  const adopted = withTable(text, '$& t');
  expect(adopted).toMatch(
    /\| what \| how \|\n\| - \| - \|\n\n<!-- vars[^\n]*\n\n\$& t\n\n<!-- end of vars -->\n\n\*\*It never/,
  );
  expect(adopted).not.toContain('`a`');
  expect(withTable('# x\n', 't')).toMatch(/^# x\n\n<!-- vars.*-->\n\nt\n\n<!-- end of vars -->\n$/);
  expect(withTable(adopted ?? '', '$& t')).toBe(adopted);
});
