import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { absent } from '../../lib/resources/absent.ts';
import { archive } from '../../lib/resources/archive.ts';
import { block } from '../../lib/resources/block.ts';
import { command } from '../../lib/resources/command.ts';
import type { AnyResource } from '../../lib/resources/contract.ts';
import { directory } from '../../lib/resources/directory.ts';
import { download } from '../../lib/resources/download.ts';
import { file } from '../../lib/resources/file.ts';
import { gate } from '../../lib/resources/gate.ts';
import { line } from '../../lib/resources/line.ts';
import { output } from '../../lib/resources/output.ts';
import { symlink } from '../../lib/resources/symlink.ts';
import { secret } from '../../lib/secret.ts';
import { sh } from '../../lib/sh.ts';
import { nothingChanged, probeOn, runOn, shells, tempFolder } from './harness.ts';

const source = { urls: ['https://x/y'], sha256: 'a'.repeat(64) };

/** Every kind whose probe looks at a path, for one path. */
const kinds: readonly (readonly [string, (path: string) => AnyResource])[] = [
  ['file', (path) => file(path, { content: 'wished\n' })],
  ['secret file', (path) => file(path, { content: secret('wished\n') })],
  ['directory', (path) => directory(path)],
  ['absent', (path) => absent(path)],
  ['symlink', (path) => symlink(path, '/somewhere')],
  ['line', (path) => line(path, { line: 'wished' })],
  ['block', (path) => block(path, { name: 'n', content: 'wished' })],
  ['download', (path) => download(path, source)],
  ['archive', (path) => archive(path, { ...source, name: 'kit', members: { a: 'a', b: 'b' } })],
  ['command', (path) => command('c', { run: sh`touch ${path}`, unless: sh`test -s ${path}` })],
  ['output', (path) => output('o', { run: sh`touch ${path}`, unless: sh`test -s ${path}`, parse: String })],
  ['gate', (path) => gate('g', { until: sh`test -s ${path}`, seconds: 1, mend: 'm' })],
];

const places = ['none', 'no/folder', 'empty', 'text', 'text/below', "it's a $dir", 'dir', 'link', 'dangling', 'pipe'];

// The whole machine read-only, but for /dev and what the shell's own script lies in.
const readOnly = [
  'unshare',
  '-m',
  'sh',
  '-c',
  'mount --make-rprivate / && mount --rbind / /mnt && mount -o remount,ro,bind /mnt && exec chroot /mnt "$@"',
  'sh',
];

describe.each(shells)('on a read-only machine, under %s', (shell) => {
  it('nothing can be written', async () => {
    const path = join(await tempFolder(), 'x');
    expect((await runOn(shell, sh`echo x >${path}`, { wrap: readOnly })).code).not.toBe(0);
  });

  it.each(kinds)('the probe of %s answers for whatever is at the path', async (_, make) => {
    const folder = await tempFolder();
    writeFileSync(join(folder, 'empty'), '');
    writeFileSync(join(folder, 'text'), 'one\ntwo');
    mkdirSync(join(folder, 'dir'));
    mkdirSync(join(folder, "it's a $dir"));
    symlinkSync('text', join(folder, 'link'));
    symlinkSync('nowhere', join(folder, 'dangling'));
    await runOn('dash', sh`mkfifo ${join(folder, 'pipe')}`);
    const wishes = places.map((name) => make(join(folder, name)));
    const read = await Promise.all(wishes.map((wish) => probeOn(shell, wish, { wrap: readOnly })));
    const written = await Promise.all(wishes.map((wish) => probeOn(shell, wish)));
    expect(read).toEqual(written);
    for (const [i, wish] of wishes.entries()) expect(Array.isArray(wish.diff(read[i], nothingChanged))).toBe(true);
  });
});
