import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { atomicWrite } from '../../lib/resources/atomic-write.ts';
import type { Writer } from '../../lib/resources/contract.ts';
import { file } from '../../lib/resources/file.ts';
import { secret } from '../../lib/secret.ts';
import { sh } from '../../lib/sh.ts';
import { converge, localWriter, nothingChanged, probeOn, shells, tempFolder } from './harness.ts';

const modeOf = (path: string): number => statSync(path).mode & 0o7777;
const digestOf = { hello: '5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03' };

describe.each(shells)('file, under %s', (shell) => {
  it('makes a new file and its folder, then finds nothing to do', async () => {
    const path = join(await tempFolder(), 'a folder/$new "it\'s".conf');
    const wish = file(path, { content: 'hello\n' });
    expect(await converge(shell, wish)).toEqual([
      { path: 'file', to: '0644 root:root', text: { before: '', after: 'hello\n' } },
    ]);
    expect(readFileSync(path, 'utf8')).toBe('hello\n');
    expect(modeOf(path)).toBe(0o644);
    expect(modeOf(join(path, '..'))).toBe(0o755);
    expect(await converge(shell, wish)).toEqual([]);
    expect(readdirSync(join(path, '..'))).toEqual(['$new "it\'s".conf']);
  });

  it('replaces content and shows both texts', async () => {
    const path = join(await tempFolder(), 'conf');
    writeFileSync(path, 'old\ncontent\nold\n');
    expect(await converge(shell, file(path, { content: 'hello\n' }))).toEqual([
      {
        path: 'content',
        from: 'sha256 3d99522d6466',
        to: 'sha256 5891b5b522d5',
        text: { before: 'old\ncontent\nold\n', after: 'hello\n' },
      },
    ]);
    expect(readFileSync(path, 'utf8')).toBe('hello\n');
  });

  it.each([
    ['empty', Buffer.alloc(0), ''],
    ['not a text', Buffer.from([0xff, 0, 0x80]), undefined],
    ['larger than is shown', Buffer.alloc(128 * 1024 + 1, 'x'), undefined],
    ['as large as is shown', Buffer.alloc(128 * 1024, 'x'), 'x'.repeat(128 * 1024)],
  ])('old content that is %s', async (_, before, shown) => {
    const path = join(await tempFolder(), 'conf');
    writeFileSync(path, before);
    const [change] = await converge(shell, file(path, { content: 'hello\n' }));
    expect(change?.text?.before).toBe(shown);
  });

  it('writes any bytes, and shows none of them', async () => {
    const path = join(await tempFolder(), 'binary');
    const content = Buffer.from(Array.from({ length: 300_000 }, (_, i) => i % 256));
    expect(await converge(shell, file(path, { content }))).toEqual([{ path: 'file', to: '0644 root:root' }]);
    expect(readFileSync(path).equals(content)).toBe(true);
  });

  it('sets mode and owner without touching the content', async () => {
    const path = join(await tempFolder(), 'conf');
    writeFileSync(path, 'hello\n', { mode: 0o600 });
    const before = statSync(path);
    const wish = file(path, { content: 'hello\n', mode: 0o640, owner: 'daemon', group: '2' });
    expect(await converge(shell, wish)).toEqual([
      { path: 'mode', from: '0600', to: '0640' },
      { path: 'owner', from: 'root', to: 'daemon' },
      { path: 'group', from: 'root', to: '2' },
    ]);
    const after = statSync(path);
    expect([after.ino, after.mtimeMs, after.uid, after.gid]).toEqual([before.ino, before.mtimeMs, 1, 2]);
  });

  it('never reads a secret back, never shows it, never puts its digest into the probe', async () => {
    const path = join(await tempFolder(), 'auth');
    const wish = file(path, { content: secret('auth_pass hello\n'), mode: 0o600 });
    expect(await converge(shell, wish)).toEqual([{ path: 'file (secret)', to: '0600 root:root' }]);
    expect(readFileSync(path, 'utf8')).toBe('auth_pass hello\n');
    writeFileSync(path, 'auth_pass other\n');
    expect(JSON.stringify(await probeOn(shell, wish))).not.toContain('other');
    expect(await converge(shell, wish)).toEqual([{ path: 'content (secret)' }]);
    expect(wish.probe.script.text).not.toContain(wish.evidence?.digest);
    expect(await converge(shell, wish)).toEqual([]);
  });

  it('replaces a symlink, whatever it leads to, and leaves that alone', async () => {
    const folder = await tempFolder();
    writeFileSync(join(folder, 'real'), 'theirs\n');
    symlinkSync('real', join(folder, 'conf'));
    symlinkSync('nowhere', join(folder, 'dangling'));
    for (const [name, target] of [
      ['conf', 'real'],
      ['dangling', 'nowhere'],
    ] as const) {
      expect(await converge(shell, file(join(folder, name), { content: 'ours\n' }))).toEqual([
        { path: 'type', from: `symlink to ${target}`, to: 'file' },
      ]);
      expect(lstatSync(join(folder, name)).isFile()).toBe(true);
    }
    expect(readFileSync(join(folder, 'real'), 'utf8')).toBe('theirs\n');
  });

  it('refuses a directory', async () => {
    const folder = await tempFolder();
    const wish = file(folder, { content: 'x' });
    expect(wish.diff(await probeOn(shell, wish), nothingChanged)).toEqual([
      { path: 'type', from: 'directory', to: 'file' },
    ]);
    await expect(converge(shell, wish)).rejects.toMatchObject({
      code: 'CommandFailed',
      message: `${folder} is not a regular file`,
      details: { touched: false },
    });
  });

  it('leaves the file alone when the validation fails, and says what it said', async () => {
    const path = join(await tempFolder(), 'conf');
    writeFileSync(path, 'good\n', { mode: 0o600 });
    const validate = (candidate: string) => sh`grep -q good ${candidate} || { echo "bad line 1"; exit 3; }`;
    await expect(converge(shell, file(path, { content: 'bad\n', validate }))).rejects.toMatchObject({
      message: `validation failed, ${path} is as it was`,
      details: { said: 'bad line 1', touched: false, ran: expect.stringMatching(/^grep -q good \S+\.konverge\.\w+ /) },
    });
    expect([readFileSync(path, 'utf8'), modeOf(path)]).toEqual(['good\n', 0o600]);
    expect(readdirSync(join(path, '..'))).toEqual(['conf']);
    expect(await converge(shell, file(path, { content: 'good too\n', validate }))).toHaveLength(2);
  });

  it('keeps the old content beside the new one when asked', async () => {
    const path = join(await tempFolder(), 'conf');
    const wish = file(path, { content: 'new\n', backup: true });
    await converge(shell, wish);
    expect(readdirSync(join(path, '..'))).toEqual(['conf']);
    writeFileSync(path, 'old\n');
    await converge(shell, wish);
    const [, backup = ''] = readdirSync(join(path, '..'));
    expect(backup).toMatch(/^conf\.\d{8}T\d{6}Z~$/);
    expect(readFileSync(join(path, '..', backup), 'utf8')).toBe('old\n');
  });

  it('writes a bind-mounted file in place', async () => {
    const folder = await tempFolder();
    const path = join(folder, 'hosts');
    writeFileSync(path, 'old\n');
    const inode = statSync(path).ino;
    const wrap = ['unshare', '-m', 'sh', '-c', 'mount --bind "$0" "$0" && exec "$@"', path];
    await converge(shell, file(path, { content: 'new\n', mode: 0o640 }), { wrap });
    expect([readFileSync(path, 'utf8'), modeOf(path), statSync(path).ino]).toEqual(['new\n', 0o640, inode]);
    expect(readdirSync(folder)).toEqual(['hosts']);
  });

  it.each([
    ['a full disk', 'mount -t tmpfs -o size=16k none "$0"', /cannot be written/, /free space/],
    [
      'a read-only file system',
      'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0"',
      /cannot be written/,
      /read-only/,
    ],
  ])('says what to do about %s', async (_, mount, message, mend) => {
    const folder = await tempFolder();
    const wrap = ['unshare', '-m', 'sh', '-c', `${mount} && exec "$@"`, folder];
    const wish = file(join(folder, 'conf'), { content: 'x'.repeat(60_000) });
    await expect(converge(shell, wish, { wrap })).rejects.toMatchObject({
      message: expect.stringMatching(message),
      details: { mend: expect.stringMatching(mend), touched: false },
    });
  });

  it('names a user that does not exist', async () => {
    const path = join(await tempFolder(), 'conf');
    await expect(converge(shell, file(path, { content: 'x', owner: 'nobody-here' }))).rejects.toMatchObject({
      message: `owner or mode of ${path} cannot be set`,
      details: { mend: 'make that user first, or name one that exists' },
    });
    expect(existsSync(path)).toBe(false);
  });

  it('refuses content that did not arrive whole', async () => {
    const path = join(await tempFolder(), 'conf');
    writeFileSync(path, 'old\n');
    const host = localWriter(shell);
    const cut: Writer = { ...host, run: (script, options) => host.run(script, { ...options, stdin: 'hel' }) };
    const wish = { content: 'hello\n', mode: 0o644, owner: 'root', group: 'root' };
    await expect(atomicWrite(cut, path, wish)).rejects.toThrow('arrived incomplete');
    expect(readFileSync(path, 'utf8')).toBe('old\n');
  });

  it('clears away what a killed run left', async () => {
    const folder = await tempFolder();
    writeFileSync(join(folder, '.conf.konverge.0123'), 'half');
    writeFileSync(join(folder, '.conf.other'), 'theirs');
    await converge(shell, file(join(folder, 'conf'), { content: 'x' }));
    expect(readdirSync(folder).toSorted()).toEqual(['.conf.other', 'conf']);
  });

  it('keeps the SELinux label of an old file, gives a new one its own', async () => {
    const folder = await tempFolder();
    const log = join(folder, 'log');
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    for (const [name, body] of [
      ['selinuxenabled', ''],
      ['chcon', `echo chcon "$1" >>${log}`],
      ['restorecon', `echo restorecon "$1" >>${log}`],
    ] as const) {
      writeFileSync(join(bin, name), `#!/bin/sh\n${body}\n`);
      chmodSync(join(bin, name), 0o755);
    }
    const path = join(folder, 'conf');
    await converge(shell, file(path, { content: 'one\n' }), { path: [bin] });
    await converge(shell, file(path, { content: 'two\n' }), { path: [bin] });
    expect(readFileSync(log, 'utf8')).toBe(`restorecon ${path}\nchcon --reference=${path}\n`);
  });
});

describe('file', () => {
  it('is evidence of its content', () => {
    expect(file('/etc/x', { content: 'hello\n' }).evidence).toEqual({ paths: ['/etc/x'], digest: digestOf.hello });
  });

  it.each(['etc/x', '', '/etc/../x', '/etc/./x', '/etc/x\ny'])('refuses the path %j', (path) => {
    expect(() => file(path, { content: '' })).toThrow('the path must be absolute');
  });

  it('shows the old or the new content, never a part, however it is killed', async () => {
    const path = join(await tempFolder(), 'conf');
    const old = Buffer.alloc(400_000, 'old\n');
    const fresh = Buffer.alloc(500_000, 'fresh\n');
    let killed = 0;
    for (let ms = 0; ms < 24; ms += 2) {
      writeFileSync(path, old);
      killed += await writeAndKill(path, fresh, ms);
      const now = readFileSync(path);
      expect(now.equals(old) || now.equals(fresh)).toBe(true);
    }
    expect(killed).toBeGreaterThan(2);
    await converge('dash', file(path, { content: fresh }));
    expect(readdirSync(join(path, '..'))).toEqual(['conf']);
  });
});

/** kill -9 of the whole process group `ms` after the first half of the content was sent; 1 = it was still under way */
async function writeAndKill(path: string, content: Buffer, ms: number): Promise<number> {
  let died = 0;
  const killer: Writer = {
    host: 'local',
    upload: () => Promise.reject(new Error('not used')),
    run: (script) =>
      new Promise((resolve) => {
        const child = spawn('dash', ['-c', script.text], { detached: true });
        child.stdin.on('error', () => {});
        child.stdin.write(content.subarray(0, content.length / 2));
        setTimeout(() => child.stdin.end(content.subarray(content.length / 2)), 4);
        setTimeout(() => child.pid !== undefined && child.exitCode === null && process.kill(-child.pid, 'SIGKILL'), ms);
        child.on('close', (code) => {
          died = code === null ? 1 : 0;
          resolve({ code: 0, stdout: Buffer.alloc(0), stderr: Buffer.alloc(0), ms });
        });
      }),
  };
  await atomicWrite(killer, path, { content, mode: 0o644, owner: 'root', group: 'root' });
  return died;
}

describe('a file that cannot have been meant', () => {
  it.each([
    ['a mode without its 0o', () => file('/x', { content: '', mode: 644 }), /mode 644/, 'write it in octal: 0o644'],
    [
      'a mode as text',
      () => file('/x', { content: '', mode: JSON.parse('"0644"') }),
      /mode 0644/,
      'write it in octal: 0o644',
    ],
  ])('%s', (_, make, message, mend) => {
    expect(make).toThrow(message);
    expect(make).toThrow(expect.objectContaining({ code: 'BadInput', details: expect.objectContaining({ mend }) }));
  });
  it.each(['/etc/undefined/x', '/etc/[object Object].conf', '/srv/NaN'])('%s', (path) =>
    expect(() => file(path, { content: '' })).toThrow(/from a value that is not there/),
  );
  it('a folder that is only called so', () =>
    expect(file('/srv/undefined-behaviour/null.conf', { content: '' }).id).toBe('/srv/undefined-behaviour/null.conf'));
});
