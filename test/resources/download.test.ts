import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { download } from '../../lib/resources/download.ts';
import { converge, probeOn, type Shell, type Surroundings, tempFolder } from './harness.ts';
import { serve } from './server.ts';

const body = Buffer.alloc(200_000, 'konverge ');
const sha256 = createHash('sha256').update(body).digest('hex');
const part = `.tool.konverge.${sha256.slice(0, 12)}.part`;

const bins: string[] = [];
afterAll(() => Promise.all(bins.map((bin) => rm(bin, { recursive: true }))));

/** A PATH where `curl` and `wget` are only what is named. */
function onlyTools(...tools: readonly string[]): Surroundings {
  const bin = mkdtempSync(join(tmpdir(), 'konverge-bin-'));
  bins.push(bin);
  for (const name of 'bash busybox cat chmod chown cut dash date df find head mkdir mount mv rm sh sha256sum stat sync tail touch unshare wc'.split(
    ' ',
  )) {
    symlinkSync(join(existsSync(join('/bin', name)) ? '/bin' : '/usr/sbin', name), join(bin, name));
  }
  for (const tool of tools) symlinkSync(tool, join(bin, tool.replace(/.*\//, '').replace('busybox', 'wget')));
  return { env: { PATH: bin } };
}

// Some builds of busybox sh prefer their own wget to the one on PATH: it is the same one here.
const ways: readonly (readonly [string, Shell, readonly string[]])[] = [
  ['curl', 'dash', ['/usr/bin/curl']],
  ['curl', 'bash --posix', ['/usr/bin/curl']],
  ['curl', 'busybox sh', ['/usr/bin/curl']],
  ['wget', 'dash', ['/usr/bin/wget']],
  ["busybox's wget", 'dash', ['/bin/busybox']],
  ["busybox's wget", 'busybox sh', ['/bin/busybox']],
];

describe.each(ways)('download by %s, under %s', (_tool, shell, tools) => {
  it('fetches, sets the mode, then finds nothing to do', async () => {
    const path = join(await tempFolder(), 'bin/tool');
    const { url, asked } = await serve({ '/tool': { body } });
    const surroundings = onlyTools(...tools);
    const wish = download(path, { urls: [`${url}/tool`], sha256, mode: 0o755 });
    expect(await converge(shell, wish, surroundings)).toEqual([
      { path: 'file', to: `0755 root:root sha256 ${sha256.slice(0, 12)}` },
    ]);
    expect(await converge(shell, wish, surroundings)).toEqual([]);
    expect([statSync(path).mode & 0o7777, readFileSync(path).equals(body)]).toEqual([0o755, true]);
    expect([readdirSync(join(path, '..')), asked]).toEqual([['tool'], ['GET /tool']]);
  });

  it('goes on where an earlier run was cut', async () => {
    const folder = await tempFolder();
    const { url, asked } = await serve({ '/tool': { body } });
    writeFileSync(join(folder, part), body.subarray(0, 150_000));
    writeFileSync(join(folder, '.tool.konverge.old.part'), 'of another version');
    await converge(shell, download(join(folder, 'tool'), { urls: [`${url}/tool`], sha256 }), onlyTools(...tools));
    expect([readdirSync(folder), asked]).toEqual([['tool'], ['GET /tool bytes=150000-']]);
  });

  it.each([
    ['of other bytes', Buffer.alloc(1000, 'x'), true],
    ['as long as the file', Buffer.alloc(body.length, 'x'), true],
    ['that the server does not heed', body.subarray(0, 1000), false],
  ])('begins anew with a part %s', async (_, old, ranges) => {
    const folder = await tempFolder();
    const { url } = await serve({ '/tool': { body, ranges } });
    writeFileSync(join(folder, part), old);
    const surroundings = onlyTools(...tools);
    await converge(shell, download(join(folder, 'tool'), { urls: [`${url}/tool`], sha256 }), surroundings);
    expect(readdirSync(folder)).toEqual(['tool']);
  });

  it('takes the next source, and says of each what was wrong with it', async () => {
    const folder = await tempFolder();
    const { url } = await serve({
      '/liar': { body: Buffer.from('lies') },
      '/broken': { status: 500 },
      '/tool': { body },
    });
    const urls = ['http://127.0.0.1:1/refused', `${url}/none`, `${url}/broken`, `${url}/liar`];
    const surroundings = onlyTools(...tools);
    const path = join(folder, 'tool');
    const error: unknown = await converge(shell, download(path, { urls, sha256 }), surroundings).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({
      message: 'download tool: no source gave the wished file',
      details: { touched: false },
    });
    const said = (error as { details: { said: string } }).details.said;
    expect(said).toMatch(
      /^http:\S+\/refused: [^]*(?:refused|connect to server)[^]*\/none: [^]*404[^]*\/broken: [^]*500[^]*\/liar: its sha256 is [0-9a-f]{64}, not the wished/,
    );
    expect(readdirSync(folder)).toEqual([]);
    await converge(shell, download(path, { urls: [...urls, `${url}/tool`], sha256 }), surroundings);
    expect(readdirSync(folder)).toEqual(['tool']);
  });

  it('says that the disk is full, and frees what it took', async () => {
    const folder = await tempFolder();
    const { url } = await serve({ '/tool': { body } });
    const wrap = [
      '/usr/bin/unshare',
      '-m',
      '/bin/sh',
      '-c',
      'mount -t tmpfs -o size=64k none "$0" && exec "$@"',
      folder,
    ];
    const wish = download(join(folder, 'tool'), { urls: [`${url}/tool`, `${url}/tool`], sha256 });
    await expect(converge(shell, wish, { ...onlyTools(...tools), wrap })).rejects.toMatchObject({
      message: 'download tool: no space left for it',
    });
  });
});

describe('download', () => {
  it('goes on at once after a cut, by curl', async () => {
    const folder = await tempFolder();
    const { url, asked } = await serve({ '/tool': { body, cutAt: 120_000 } });
    await converge('dash', download(join(folder, 'tool'), { urls: [`${url}/tool`], sha256 }));
    expect(asked).toEqual(['GET /tool', 'GET /tool bytes=120000-']);
  });

  it('says that there is no tool', async () => {
    const wish = download(join(await tempFolder(), 'tool'), { urls: ['http://127.0.0.1:1/'], sha256 });
    await expect(converge('dash', wish, onlyTools())).rejects.toThrow('neither curl nor wget');
  });

  it('sets the mode alone, without a download', async () => {
    const path = join(await tempFolder(), 'tool');
    writeFileSync(path, body, { mode: 0o600 });
    const wish = download(path, { urls: ['http://127.0.0.1:1/'], sha256 });
    expect(await converge('dash', wish)).toEqual([{ path: 'mode', from: '0600', to: '0644' }]);
  });

  it('replaces other content and symlinks, refuses a directory', async () => {
    const folder = await tempFolder();
    const path = join(folder, 'tool');
    const { url } = await serve({ '/tool': { body } });
    const wish = download(path, { urls: [`${url}/tool`], sha256 });
    writeFileSync(path, 'hello\n');
    expect(await converge('dash', wish)).toEqual([{ path: 'sha256', from: '5891b5b522d5', to: sha256.slice(0, 12) }]);
    symlinkSync('tool', join(folder, 'link'));
    const overLink = download(join(folder, 'link'), { urls: [`${url}/tool`], sha256 });
    expect(await converge('dash', overLink)).toEqual([{ path: 'type', from: 'symlink to tool', to: 'file' }]);
    mkdirSync(join(folder, 'dir'));
    const overFolder = download(join(folder, 'dir'), { urls: [`${url}/tool`], sha256 });
    expect(await probeOn('dash', overFolder)).toMatchObject({ type: 'directory' });
    await expect(converge('dash', overFolder)).rejects.toThrow('is not a regular file');
  });

  it.each([
    [{ urls: [], sha256 }, 'no url is given'],
    [{ urls: ['ftp://x/y'], sha256 }, 'is not an http or https URL'],
    [{ urls: ['https://x/y z'], sha256 }, 'is not an http or https URL'],
    [{ urls: ['https://x/y'], sha256: 'abc' }, 'is not a sha256'],
  ])('refuses %j', (options, message) => {
    expect(() => download('/x', options)).toThrow(message);
  });

  it('is evidence of the file', () => {
    expect(download('/x', { urls: ['https://x/y'], sha256 }).evidence).toEqual({ paths: ['/x'], digest: sha256 });
  });
});
