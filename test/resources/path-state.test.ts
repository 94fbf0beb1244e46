import { describe, expect, it } from 'vitest';
import { absolutePath, folderOf, nameOf } from '../../lib/resources/absolute-path.ts';
import { look, parseLook } from '../../lib/resources/path-state.ts';
import { runOn, shells } from './harness.ts';

const of = { uid: '0', gid: '0', owner: 'root', group: 'root' };

describe('parseLook', () => {
  it.each([
    ['absent\n', { type: 'absent' }],
    ['symlink\nto \n here\n', { type: 'symlink', target: 'to \n here' }],
    ['81a4 0 0 root root\n', { type: 'file', mode: 0o644, ...of }],
    ['43ff 0 0 root root\n', { type: 'directory', mode: 0o1777, ...of }],
    ['21b6 0 0 root root\n', { type: 'device, socket or pipe', mode: 0o666, ...of }],
  ])('reads %j', (out, state) => {
    expect(parseLook(Buffer.from(out)).state).toEqual(state);
  });

  it('gives what follows', () => {
    expect(parseLook(Buffer.from('81a4 0 0 root root\nmore\n')).rest.toString()).toBe('more\n');
  });

  it('does not take noise for a file', () => {
    expect(() => parseLook(Buffer.from('stat: what?\n'))).toThrow('stat said: stat: what?');
    expect(() => parseLook(Buffer.from('\n'))).toThrow('stat said: ');
  });

  it.each(shells)('reads what %s prints of a device', async (shell) => {
    const { stdout } = await runOn(shell, look('/dev/null'));
    expect(parseLook(stdout).state).toMatchObject({ type: 'device, socket or pipe', owner: 'root' });
  });
});

describe('paths', () => {
  it.each([
    ['/etc/hosts', '/etc', 'hosts'],
    ['/etc', '/', 'etc'],
    ['/', '/', ''],
  ])('%s', (path, folder, name) => {
    expect([absolutePath('file', path), folderOf(path), nameOf(path)]).toEqual([path, folder, name]);
  });

  it('lose a slash at the end', () => {
    expect(absolutePath('directory', '/etc//')).toBe('/etc');
  });
});
