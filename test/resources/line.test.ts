import { chownSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { line, withLine } from '../../lib/resources/line.ts';
import { converge, nothingChanged, shells, tempFolder } from './harness.ts';

describe('withLine', () => {
  it.each([
    ['an empty file', '', 'x=1', {}, 'x=1\n'],
    ['the end of the file', 'a\n', 'x=1', {}, 'a\nx=1\n'],
    ['a last line without end', 'a', 'x=1', {}, 'a\nx=1\n'],
    ['there already', 'a\nx=1\nb\n', 'x=1', {}, 'a\nx=1\nb\n'],
    ['there already, without end', 'a\nx=1', 'x=1', {}, 'a\nx=1'],
    ['there three times', 'x=1\na\nx=1\nb\nx=1\n', 'x=1', {}, 'a\nb\nx=1\n'],
    ['only as a part of a line', 'x=10\n', 'x=1', {}, 'x=10\nx=1\n'],
    ['a match', 'a\nx=0\nb\n', 'x=1', { match: /^x=/ }, 'a\nx=1\nb\n'],
    ['a match on a last line without end', 'a\nx=0', 'x=1', { match: /^x=/ }, 'a\nx=1'],
    ['several matches', 'x=7\na\nx=8\nb\n', 'x=1', { match: /^x=/ }, 'a\nx=1\nb\n'],
    ['several matches that the line is not', '#x\n#x\n', 'x', { match: /^#x/ }, 'x\n'],
    ['a match after the line', 'x\n#x\n', 'x', { match: /^#x/ }, 'x\n'],
    ['a match and the line elsewhere', 'x=1\na\nx=0\n', 'x=1', { match: /^x=/ }, 'a\nx=1\n'],
    ['a match that is the line', 'x=7\nx=1\n', 'x=1', { match: /^x=/ }, 'x=1\n'],
    ['no match, but the line', 'x=1\n', 'x=1', { match: /^#x/ }, 'x=1\n'],
    ['no match, no line', 'a\n', 'x=1', { match: /^#x/ }, 'a\nx=1\n'],
    ['a pattern with memory', 'x=0\nx=0\n', 'x=1', { match: /^x=0/gy }, 'x=1\n'],
    ['a flag that counts', 'X=0\n', 'x=1', { match: /^x=/i }, 'x=1\n'],
    ['below another', '[a]\n[b]\n', 'x=1', { after: /^\[a\]/ }, '[a]\nx=1\n[b]\n'],
    ['below the last such', '[a]\n[a]\nq\n', 'x=1', { after: /^\[a\]/ }, '[a]\n[a]\nx=1\nq\n'],
    ['below the last line, without end', 'q\n[a]', 'x=1', { after: /^\[a\]/ }, 'q\n[a]\nx=1\n'],
    ['below nothing', 'q\n', 'x=1', { after: /^\[a\]/ }, 'q\nx=1\n'],
    ['there already, elsewhere than below', 'x=1\n[a]\n', 'x=1', { after: /^\[a\]/ }, 'x=1\n[a]\n'],
    ['CRLF, new', 'a\r\nb\r\n', 'x=1', {}, 'a\r\nb\r\nx=1\r\n'],
    ['CRLF, a match', 'a\r\nx=0\r\nb\r\n', 'x=1', { match: /^x=.$/ }, 'a\r\nx=1\r\nb\r\n'],
    ['CRLF, there already', 'x=1\r\n', 'x=1', {}, 'x=1\r\n'],
    ['empty lines stay', '\n\na\n\n', 'x=1', {}, '\n\na\n\nx=1\n'],
  ])('%s', (_, before, wished, options, after) => {
    expect(withLine(before, wished, options)).toBe(after);
    expect(withLine(after, wished, options)).toBe(after);
  });
});

describe.each(shells)('line, under %s', (shell) => {
  it('edits the file, its owner and mode stay', async () => {
    const path = join(await tempFolder(), 'config');
    writeFileSync(path, 'SELINUX=enforcing\n', { mode: 0o600 });
    chownSync(path, 1, 2);
    const wish = line(path, { line: 'SELINUX=permissive', match: /^SELINUX=/ });
    expect(wish.id).toBe(`${path}: SELINUX=permissive`);
    expect(await converge(shell, wish)).toEqual([
      {
        path: 'line',
        from: 'not as wished',
        to: 'as wished',
        text: { before: 'SELINUX=enforcing\n', after: 'SELINUX=permissive\n' },
      },
    ]);
    expect(await converge(shell, wish)).toEqual([]);
    const { mode, uid, gid } = statSync(path);
    expect([mode & 0o7777, uid, gid]).toEqual([0o600, 1, 2]);
  });

  it('keeps the bytes of a file that is not UTF-8', async () => {
    const path = join(await tempFolder(), 'latin');
    writeFileSync(path, Buffer.from([0xe9, 0x0a, 0xff, 0x0a]));
    await converge(shell, line(path, { line: 'é' }));
    expect([...readFileSync(path)]).toEqual([0xe9, 0x0a, 0xff, 0x0a, 0xc3, 0xa9, 0x0a]);
  });

  it('refuses a missing file, a symlink and a directory', async () => {
    const folder = await tempFolder();
    writeFileSync(join(folder, 'real'), 'a\n');
    symlinkSync('real', join(folder, 'link'));
    for (const [path, message] of [
      [join(folder, 'none'), /does not exist/],
      [join(folder, 'link'), /is a symlink to real/],
      [folder, /is a directory/],
    ] as const) {
      await expect(converge(shell, line(path, { line: 'x' }))).rejects.toThrow(message);
    }
    expect(readFileSync(join(folder, 'real'), 'utf8')).toBe('a\n');
  });
});

describe('line', () => {
  it('says under --check what a missing file would get', () => {
    expect(line('/x', { line: 'a' }).diff({ type: 'absent' }, nothingChanged)).toEqual([
      { path: 'line', to: 'as wished', text: { before: '', after: 'a\n' } },
    ]);
  });

  it('refuses two lines', () => {
    expect(() => line('/x', { line: 'a\nb' })).toThrow('is not one line');
  });

  it('is evidence of the line', () => {
    expect(line('/x', { line: 'a' }).evidence?.digest).toMatch(/^ca978112/);
  });
});
