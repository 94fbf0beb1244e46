import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { absent } from '../../lib/resources/absent.ts';
import { converge, shells, tempFolder } from './harness.ts';

describe.each(shells)('absent, under %s', (shell) => {
  it.each(['file', 'symlink', 'directory'] as const)('removes a %s', async (type) => {
    const folder = await tempFolder();
    const path = join(folder, 'x y');
    mkdirSync(join(folder, 'kept'));
    if (type === 'file') writeFileSync(path, '');
    else if (type === 'symlink') symlinkSync('kept', path);
    else mkdirSync(path);
    const from = type === 'symlink' ? 'symlink to kept' : type;
    expect(await converge(shell, absent(path))).toEqual([{ path: 'path', from }]);
    expect(await converge(shell, absent(path))).toEqual([]);
    expect(readdirSync(folder)).toEqual(['kept']);
  });

  it('removes a full directory only when told to', async () => {
    const path = join(await tempFolder(), 'x');
    mkdirSync(join(path, 'y'), { recursive: true });
    await expect(converge(shell, absent(path))).rejects.toMatchObject({
      details: { mend: 'recursive: true removes its contents', touched: false },
    });
    await converge(shell, absent(path, { recursive: true }));
    expect(existsSync(path)).toBe(false);
  });

  it('removes nothing when something is mounted below', async () => {
    const path = join(await tempFolder(), 'x');
    mkdirSync(join(path, 'mnt'), { recursive: true });
    writeFileSync(join(path, 'data'), '');
    const wrap = ['unshare', '-m', 'sh', '-c', 'mount --bind "$0" "$0" && exec "$@"', join(path, 'mnt')];
    await expect(converge(shell, absent(path, { recursive: true }), { wrap })).rejects.toMatchObject({
      details: { said: `mounted: ${path}/mnt`, touched: false },
    });
    expect(readdirSync(path)).toEqual(['data', 'mnt']);
  });
});

it('never removes a top-level folder', () => {
  expect(() => absent('/')).toThrow('top-level');
  expect(() => absent('/etc', { recursive: true })).toThrow('top-level');
  expect(absent('/etc').id).toBe('/etc');
});
