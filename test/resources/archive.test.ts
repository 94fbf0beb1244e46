import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { archive, archiveIn, type Places } from '../../lib/resources/archive.ts';
import { converge, probeOn, shells, tempFolder } from './harness.ts';
import { type FileServer, serve } from './server.ts';

interface Bench extends FileServer {
  readonly places: Places;
  readonly dir: string;
  readonly sha256: string;
}

/** A tarball with `bin/tool`, `bin/other`, `lib/link` and `./plain`, served as /a.tar.gz. */
async function bench(says = 'one'): Promise<Bench> {
  const folder = await tempFolder();
  mkdirSync(join(folder, 'src/bin'), { recursive: true });
  for (const name of ['bin/tool', 'bin/other', 'plain']) writeFileSync(join(folder, 'src', name), `${says} ${name}\n`);
  symlinkSync('tool', join(folder, 'src/bin/link'));
  chownSync(join(folder, 'src/bin/tool'), 1000, 1000);
  execFileSync('tar', ['-czf', join(folder, 'a.tar.gz'), '-C', join(folder, 'src'), './plain', 'bin']);
  const body = readFileSync(join(folder, 'a.tar.gz'));
  const sha256 = createHash('sha256').update(body).digest('hex');
  const server = await serve({ '/a.tar.gz': { body } });
  const places = { receipts: join(folder, 'lib/archives'), cache: join(folder, 'cache') };
  return { ...server, places, dir: join(folder, 'usr/bin'), sha256 };
}

const members = { 'bin/tool': 'tool', './plain': 'sub/plain' };
const installed = ({ places, dir, url, sha256 }: Bench, more: object = {}) =>
  archiveIn(places, dir, { name: 'kit', urls: [`${url}/a.tar.gz`], sha256, members, ...more });

describe.each(shells)('archive, under %s', (shell) => {
  it('installs the members and nothing else, then finds nothing to do', async () => {
    const made = await bench();
    const { dir, places, sha256 } = made;
    const to = `from archive ${sha256.slice(0, 12)}`;
    expect(await converge(shell, installed(made))).toEqual([
      { path: 'archive', to: sha256.slice(0, 12) },
      { path: `${dir}/tool`, to },
      { path: `${dir}/sub/plain`, to },
    ]);
    expect(await converge(shell, installed(made))).toEqual([]);
    expect(readdirSync(dir).toSorted()).toEqual(['sub', 'tool']);
    const { mode, uid, gid } = statSync(join(dir, 'tool'));
    expect([mode & 0o7777, uid, gid]).toEqual([0o755, 0, 0]);
    expect(readFileSync(join(dir, 'tool'), 'utf8')).toBe('one bin/tool\n');
    expect([readdirSync(places.cache), readdirSync(places.receipts)]).toEqual([[], ['kit']]);
    expect(made.asked).toHaveLength(1);
  });

  it('mends what drifted', async () => {
    const made = await bench();
    const { dir } = made;
    await converge(shell, installed(made));
    const tool = join(dir, 'tool');
    const drifts: readonly (readonly [() => void, string])[] = [
      [() => writeFileSync(tool, 'virus'), 'altered since it was installed'],
      [() => chownSync(tool, 1, 1), 'not a regular file of root'],
      [() => (rmSync(tool), symlinkSync('/bin/true', tool)), 'not a regular file of root'],
    ];
    for (const [drift, from] of drifts) {
      drift();
      expect(await converge(shell, installed(made))).toMatchObject([{ path: tool, from }]);
    }
    chmodSync(tool, 0o644);
    expect(await converge(shell, installed(made))).toEqual([{ path: `${tool} mode`, from: '0644', to: '0755' }]);
    expect(readFileSync('/bin/true')).not.toHaveLength(0);
  });

  it('takes another archive, and another member', async () => {
    const [one, two] = [await bench('one'), await bench('two')];
    await converge(shell, installed(one));
    const next = { ...two, dir: one.dir, places: one.places };
    expect(await converge(shell, installed(next))).toEqual([
      { path: 'archive', from: one.sha256.slice(0, 12), to: two.sha256.slice(0, 12) },
    ]);
    expect(readFileSync(join(one.dir, 'tool'), 'utf8')).toBe('two bin/tool\n');
    writeFileSync(join(one.dir, 'other'), 'theirs');
    const more = installed(next, { members: { ...members, 'bin/other': 'other' } });
    expect(await converge(shell, more)).toMatchObject([{ path: `${one.dir}/other`, from: 'of unknown origin' }]);
  });

  it('installs nothing when a member is missing or a link', async () => {
    const made = await bench();
    for (const missing of ['bin/none', 'bin/link', 'bin']) {
      const wish = installed(made, { members: { 'bin/tool': 'tool', [missing]: 'x' } });
      await expect(converge(shell, wish)).rejects.toMatchObject({
        message: 'kit: the archive lacks a member, nothing was installed',
        details: {
          said: expect.stringMatching(`^no member ${missing}; there are:\n[^]*\\./bin/other`),
          touched: false,
        },
      });
    }
    expect(readdirSync(made.dir)).toEqual([]);
    expect(made.asked).toHaveLength(1);
  });

  it('refuses what is no archive', async () => {
    const made = await bench();
    const body = Buffer.from('no tarball');
    const server = await serve({ '/a.tar.gz': { body } });
    const sha256 = createHash('sha256').update(body).digest('hex');
    await expect(converge(shell, installed({ ...made, ...server, sha256 }))).rejects.toThrow('cannot be unpacked');
    expect(readdirSync(made.dir)).toEqual([]);
  });

  it('drops leading parts, sets another mode', async () => {
    const made = await bench();
    await converge(shell, installed(made, { members: { tool: 'tool' }, strip: 1, mode: 0o700 }));
    expect(statSync(join(made.dir, 'tool')).mode & 0o7777).toBe(0o700);
  });

  it('installs again when the receipt is lost or damaged', async () => {
    const made = await bench();
    await converge(shell, installed(made));
    const receipt = join(made.places.receipts, 'kit');
    rmSync(receipt);
    expect(await converge(shell, installed(made))).toEqual([{ path: 'archive', to: made.sha256.slice(0, 12) }]);
    writeFileSync(receipt, `archive ${made.sha256}`);
    expect(await converge(shell, installed(made))).toHaveLength(2);
  });

  it('removes downloads of other versions, keeps those of other archives', async () => {
    const made = await bench();
    mkdirSync(made.places.cache);
    const [stale, theirs] = [`kit-${'0'.repeat(64)}.part`, `kit-2-${'0'.repeat(64)}.part`];
    for (const name of [stale, theirs]) writeFileSync(join(made.places.cache, name), 'x');
    await converge(shell, installed(made));
    expect(readdirSync(made.places.cache)).toEqual([theirs]);
  });
});

describe('archive', () => {
  const good = { name: 'kit', urls: ['https://x/y'], sha256: 'a'.repeat(64), members: { a: 'a' } };

  it('keeps its receipts in /var/lib/konverge', async () => {
    const wish = archive('/nowhere', good);
    expect(wish.probe.script.text).toContain('/var/lib/konverge/archives/kit');
    expect(wish.evidence).toEqual({ paths: ['/nowhere/a'], digest: good.sha256 });
    expect(await probeOn('dash', wish)).toEqual({ archive: undefined, receipt: new Map(), found: new Map() });
    expect(existsSync('/nowhere')).toBe(false);
  });

  it.each([
    [{ name: '../x' }, 'the name must be'],
    [{ members: {} }, 'no member'],
    [{ members: { a: '../a' } }, 'must be absolute, without'],
    [{ sha256: 'A'.repeat(64) }, 'is not a sha256'],
  ])('refuses %j', (wrong, message) => {
    expect(() => archive('/x', { ...good, ...wrong })).toThrow(message);
  });
});
