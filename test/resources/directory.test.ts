import { lstatSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { directory } from '../../lib/resources/directory.ts';
import { converge, shells, tempFolder } from './harness.ts';

const modeOf = (path: string): number => statSync(path).mode & 0o7777;

describe.each(shells)('directory, under %s', (shell) => {
  it('makes it and its parents', async () => {
    const path = join(await tempFolder(), 'a b/c');
    const wish = directory(path, { mode: 0o700, owner: 'daemon', group: 'daemon' });
    expect(await converge(shell, wish)).toEqual([{ path: 'directory', to: '0700 daemon:daemon' }]);
    expect([modeOf(path), modeOf(join(path, '..')), statSync(path).uid]).toEqual([0o700, 0o755, 1]);
    expect(await converge(shell, wish)).toEqual([]);
  });

  it('sets mode and owner of one that is there, and leaves its contents', async () => {
    const path = await tempFolder();
    writeFileSync(join(path, 'x'), '', { mode: 0o600 });
    expect(await converge(shell, directory(`${path}/`))).toEqual([{ path: 'mode', from: '0700', to: '0755' }]);
    expect(modeOf(join(path, 'x'))).toBe(0o600);
  });

  it('takes a symlink to a directory for that directory', async () => {
    const folder = await tempFolder();
    mkdirSync(join(folder, 'big-disk'), { mode: 0o755 });
    symlinkSync('big-disk', join(folder, 'data'));
    const wish = directory(join(folder, 'data'), { mode: 0o711 });
    expect(await converge(shell, wish)).toEqual([{ path: 'mode', from: '0755', to: '0711' }]);
    expect(modeOf(join(folder, 'big-disk'))).toBe(0o711);
    expect(lstatSync(join(folder, 'data')).isSymbolicLink()).toBe(true);
  });

  it.each(['file', 'dangling link', 'below a file'])('refuses what is a %s', async (what) => {
    const folder = await tempFolder();
    const path = join(folder, what === 'below a file' ? 'x/y' : 'x');
    if (what === 'dangling link') symlinkSync('nowhere', path);
    else writeFileSync(join(folder, 'x'), '');
    await expect(converge(shell, directory(path))).rejects.toThrow(
      what === 'below a file' ? 'cannot be made' : 'is not a directory',
    );
  });
});
