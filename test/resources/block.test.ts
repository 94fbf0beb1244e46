import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { block, withBlock } from '../../lib/resources/block.ts';
import { converge, shells, tempFolder } from './harness.ts';

const b = '# BEGIN n (konverge)';
const e = '# END n (konverge)';

describe('withBlock', () => {
  it.each([
    ['an empty file', '', '1\n2', `${b}\n1\n2\n${e}\n`],
    ['the end of the file', 'a\n', '1', `a\n${b}\n1\n${e}\n`],
    ['a last line without end', 'a', '1', `a\n${b}\n1\n${e}\n`],
    ['an old block', `a\n${b}\n0\n0\n${e}\nz\n`, '1', `a\n${b}\n1\n${e}\nz\n`],
    ['an old block at the end, without line end', `a\n${b}\n0\n${e}`, '1', `a\n${b}\n1\n${e}\n`],
    ['as wished already', `a\n${b}\n1\n${e}\nz`, '1', `a\n${b}\n1\n${e}\nz`],
    ['several blocks', `${b}\n0\n${e}\nx\n${b}\n1\n${e}\n`, '1', `${b}\n1\n${e}\nx\n`],
    ['two blocks in a row', `x\n${b}\n0\n${e}\n${b}\n0\n${e}\ny\n`, '1', `x\n${b}\n1\n${e}\ny\n`],
    ['empty content', `${b}\n0\n${e}\n`, '', `${b}\n${e}\n`],
    ['CRLF', `a\r\n${b}\r\n0\r\n${e}\r\nz\r\n`, '1', `a\r\n${b}\r\n1\r\n${e}\r\nz\r\n`],
    ['CRLF, new', 'a\r\n', '1', `a\r\n${b}\r\n1\r\n${e}\r\n`],
    [
      'a block of another name',
      '# BEGIN m (konverge)\n# END m (konverge)\n',
      '1',
      `# BEGIN m (konverge)\n# END m (konverge)\n${b}\n1\n${e}\n`,
    ],
  ])('%s', (_, before, content, after) => {
    expect(withBlock(before, 'n', content)).toBe(after);
    expect(withBlock(after, 'n', content)).toBe(after);
  });

  it.each([
    ['no end', `a\n${b}\n1\n`, 'line 2'],
    ['no begin', `${e}\n`, 'line 1'],
    ['begin twice', `${b}\n${b}\n${e}\n`, 'line 1'],
  ])('refuses markers that do not pair up: %s', (_, before, message) => {
    expect(() => withBlock(before, 'n', 'x')).toThrow(message);
  });
});

describe.each(shells)('block, under %s', (shell) => {
  it('keeps one block in a file', async () => {
    const path = join(await tempFolder(), 'hosts');
    writeFileSync(path, '127.0.0.1 localhost\n');
    const wish = block(path, { name: 'n', content: '10.0.0.1 a\n' });
    expect(await converge(shell, wish)).toHaveLength(1);
    expect(await converge(shell, wish)).toEqual([]);
    expect(readFileSync(path, 'utf8')).toBe(`127.0.0.1 localhost\n${b}\n10.0.0.1 a\n${e}\n`);
  });

  it('makes the file only when told to', async () => {
    const path = join(await tempFolder(), 'new');
    const wish = { name: 'n', content: 'x' };
    await expect(converge(shell, block(path, wish))).rejects.toThrow('does not exist');
    await converge(shell, block(path, { ...wish, create: true }));
    expect(statSync(path).mode & 0o7777).toBe(0o644);
  });

  it('sets the mode when it is wished for', async () => {
    const path = join(await tempFolder(), 'new');
    const wish = { name: 'n', content: 'x', create: true };
    await converge(shell, block(path, { ...wish, mode: 0o640 }));
    expect(await converge(shell, block(path, { ...wish, mode: 0o600 }))).toEqual([
      { path: 'mode', from: '0640', to: '0600' },
    ]);
    expect(await converge(shell, block(path, wish))).toEqual([]);
  });
});

it.each([
  { name: 'a\nb', content: '' },
  { name: 'n', content: `x\n${e}\n` },
])('refuses what would break the block: %j', (wish) => {
  expect(() => block('/x', wish)).toThrow('marker');
});
