import { mkdirSync, readdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { symlink } from '../../lib/resources/symlink.ts';
import { converge, shells, tempFolder } from './harness.ts';

describe.each(shells)('symlink, under %s', (shell) => {
  it('makes it, changes it, and is content with it', async () => {
    const path = join(await tempFolder(), 'new folder/link');
    expect(await converge(shell, symlink(path, '../a target'))).toEqual([{ path: 'target', to: '../a target' }]);
    expect(await converge(shell, symlink(path, '../a target'))).toEqual([]);
    expect(await converge(shell, symlink(path, '/b'))).toEqual([{ path: 'target', from: '../a target', to: '/b' }]);
    expect(readlinkSync(path)).toBe('/b');
    expect(readdirSync(join(path, '..'))).toEqual(['link']);
  });

  it('replaces a link to a directory, not something in that directory', async () => {
    const folder = await tempFolder();
    mkdirSync(join(folder, 'old'));
    symlinkSync('old', join(folder, 'link'));
    await converge(shell, symlink(join(folder, 'link'), 'new'));
    expect([readlinkSync(join(folder, 'link')), readdirSync(join(folder, 'old'))]).toEqual(['new', []]);
  });

  it('replaces a file, refuses a directory', async () => {
    const path = join(await tempFolder(), 'x');
    writeFileSync(path, '');
    expect(await converge(shell, symlink(path, 'y'))).toEqual([{ path: 'type', from: 'file', to: 'symlink to y' }]);
    await expect(converge(shell, symlink(join(path, '..'), 'y'))).rejects.toThrow('is a directory');
  });
});

it.each(['', 'a\nb'])('refuses the target %j', (target) => {
  expect(() => symlink('/x', target)).toThrow('odd target');
});
