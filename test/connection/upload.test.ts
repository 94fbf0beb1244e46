import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, localSession, type Session } from '../../lib/connection/index.ts';
import { shellOn } from '../../lib/connection/shell.ts';
import { uploadOf } from '../../lib/connection/upload.ts';
import { sh } from '../../lib/sh.ts';
import { prepareMachine, type Sshd, startSshd, users } from './sshd.ts';

let sshd: Sshd;
let folder: string;
let session: Session;

beforeAll(async () => {
  prepareMachine();
  sshd = await startSshd();
  folder = mkdtempSync(join(tmpdir(), 'konverge-upload-'));
  session = await connect(sshd.target({ user: users.trusted }));
}, 300_000);
afterAll(async () => {
  await session.close();
  await sshd.remove();
  rmSync(folder, { recursive: true });
});

const local = (name: string, bytes: Buffer): string => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};
const sum = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

describe('upload', () => {
  it.each([
    ['nothing', 0],
    ['a byte', 1],
    ['a block', 65_536],
    ['20 MB', 20_000_003],
  ])('%s, as a user that is not root, arrives as root’s, 0600', async (_, size) => {
    const from = local('from', randomBytes(size));
    const to = join(folder, `to ${size}`);
    await session.upload(from, to);
    expect(sum(to)).toBe(sum(from));
    expect([statSync(to).mode & 0o777, statSync(to).uid]).toEqual([0o600, 0]);
  });

  it('replaces what is there and does not follow a link', async () => {
    const from = local('new', Buffer.from('new'));
    const victim = local('victim', Buffer.from('precious'));
    symlinkSync(victim, join(folder, 'link'));
    await session.upload(from, join(folder, 'link'));
    expect([readFileSync(victim, 'utf8'), readFileSync(join(folder, 'link'), 'utf8')]).toEqual(['precious', 'new']);
  });

  it('fails with what the host said, and the session goes on', async () => {
    const from = local('big', Buffer.alloc(3_000_000));
    await expect(session.upload(from, join(folder, 'no', 'such', 'folder'))).rejects.toMatchObject({
      code: 'CommandFailed',
      details: { said: expect.stringMatching(/cannot create|nonexistent|No such file/) },
    });
    expect(String((await session.run([sh`echo on`]))[0]?.stdout)).toBe('on\n');
  });

  it('fails when the disk there is full', async () => {
    const mount = join(folder, 'small');
    const [made] = await session.run([sh`mkdir ${mount} && mount -t tmpfs -o size=1m none ${mount}`]);
    expect(made?.code).toBe(0);
    const from = local('big', Buffer.alloc(9_000_000));
    await expect(session.upload(from, join(mount, 'f'))).rejects.toMatchObject({
      code: 'CommandFailed',
      details: { said: expect.stringContaining('No space left') },
    });
    expect((await session.run([sh`umount ${mount}`]))[0]?.code).toBe(0);
  });

  it('needs a file to read', async () => {
    await expect(session.upload(join(folder, 'absent'), '/tmp/x')).rejects.toMatchObject({ code: 'BadInput' });
  });

  it('from the controller to itself', async () => {
    const self = await localSession();
    const from = local('self', randomBytes(300_000));
    await self.upload(from, join(folder, 'copy'));
    expect(sum(join(folder, 'copy'))).toBe(sum(from));
    await self.close();
  });

  it('is checked by its sha256', async () => {
    const upload = await uploadOf('n1', local('checked', Buffer.from('x')), '/tmp/x');
    const result = { code: 0, stdout: Buffer.from('0000  -\n'), stderr: Buffer.alloc(0), ms: 1 };
    expect(() => upload.check(result)).toThrow(/another sha256/);
  });

  it('gives the shell up when there are fewer bytes than promised', async () => {
    let go: (chunk: Buffer) => void = () => undefined;
    let destroyed = false;
    const shell = shellOn(
      {
        write(bytes) {
          const marker = /printf '([0-9a-f]{32}):go/.exec(bytes.toString())?.[1];
          if (marker !== undefined) setImmediate(() => go(Buffer.from(`${marker}:go;`)));
          return Promise.resolve();
        },
        end: () => undefined,
        destroy: () => {
          destroyed = true;
        },
        listen(stdout) {
          go = stdout;
        },
        closed: new Promise(() => undefined),
      },
      { id: '1 1 1', uid: 0, maxOutput: 1000 },
    );
    const chunks = (async function* () {
      yield Buffer.from('ab');
    })();
    await expect(shell.run({ scripts: ['cat'], stdin: { size: 3, chunks } })).rejects.toThrow(/2 bytes now, and had 3/);
    expect(destroyed).toBe(true);
  });
});
