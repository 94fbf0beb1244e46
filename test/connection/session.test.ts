import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type Session } from '../../lib/connection/index.ts';
import { secret } from '../../lib/secret.ts';
import { quote, sh } from '../../lib/sh.ts';
import { prepareMachine, type Sshd, startSshd, users } from './sshd.ts';

let sshd: Sshd;
let session: Session;

beforeAll(async () => {
  prepareMachine();
  sshd = await startSshd();
  session = await connect(sshd.target());
}, 300_000);

afterAll(async () => {
  await session.close();
  await sshd.remove();
});

const text = async (script: ReturnType<typeof sh>): Promise<string> => {
  const [result] = await session.run([script]);
  return result?.stdout.toString('utf8') ?? '';
};

describe('a session over a real sshd', () => {
  it('is root, in /, with the C locale, sbin in the PATH and umask 022', async () => {
    const said = await text(sh`id -u; pwd; echo $LC_ALL; umask; case :$PATH: in *:/usr/sbin:*) echo sbin ;; esac`);
    expect(said).toBe('0\n/\nC\n0022\nsbin\n');
  });

  it('keeps stdout, stderr and exit codes of many scripts apart, in one round trip', async () => {
    const before = session.trips;
    const results = await session.run([
      sh`echo one; echo two >&2; exit 3`,
      sh`printf three`,
      sh`printf four >&2; false`,
      sh`kill -9 $(sh -c 'echo $PPID')`,
    ]);
    expect(results.map((each) => [each.code, String(each.stdout), String(each.stderr)])).toEqual([
      [3, 'one\n', 'two\n'],
      [0, 'three', ''],
      [1, '', 'four'],
      [137, '', expect.any(String)],
    ]);
    expect(session.trips).toBe(before + 1);
    expect(results.every(({ ms }) => ms > 0)).toBe(true);
  });

  it('runs nothing and makes no trip for no scripts', async () => {
    const before = session.trips;
    expect(await session.run([])).toEqual([]);
    expect(session.trips).toBe(before);
  });

  it('survives what ends a script: a syntax error, exit, exec, cd, a missing here-document end', async () => {
    const results = await session.run([
      sh`if then`,
      sh`echo "unclosed`,
      sh`exec false`,
      sh`cd /tmp; umask 077; x=1`,
      sh`cat <<END
text`,
      sh`pwd; umask; echo "[$x]"`,
    ]);
    expect(results.map(({ code }) => code === 0)).toEqual([false, false, false, true, true, true]);
    expect(String(results[5]?.stdout)).toBe('/\n0022\n[]\n');
  });

  it('reads a script that starts with a dash or holds every kind of quote', async () => {
    const odd = `a'b"c\\d$e\`f!\n€`;
    expect(await text(sh`printf %s ${odd}`)).toBe(odd);
    expect((await session.run([sh`-n true`]))[0]?.code).toBe(127);
  });

  it('carries binary output byte by byte, markers and all', async () => {
    const [result] = await session.run([
      sh`i=0; while [ $i -lt 256 ]; do printf "\\$(printf %o $i)"; i=$((i+1)); done`,
    ]);
    expect(result?.stdout.equals(Buffer.from(Array.from({ length: 256 }, (_, i) => i)))).toBe(true);
  });

  it('keeps 300 000 € signs whole', async () => {
    const said = await text(sh`yes € | head -n 300000 | tr -d '\n'`);
    expect(said).toBe('€'.repeat(300_000));
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a few bytes with NULs', Buffer.from([0, 10, 0, 39, 255, 13, 10, 0])],
    ['just what fits inside the frame', Buffer.alloc(32 * 1024, 'a\0')],
    ['one more', Buffer.alloc(32 * 1024 + 1, 'a\0')],
    ['whole blocks', Buffer.alloc(4 * 65_536, 'kill -9 $$\n')],
    ['megabytes', Buffer.alloc(3_000_001, 'x\n\0')],
  ])('gives %s on stdin to the first script only', async (_, stdin) => {
    const results = await session.run([sh`cat`, sh`cat`], { stdin });
    expect(results[0]?.stdout.equals(stdin)).toBe(true);
    expect(results[1]?.stdout).toHaveLength(0);
  });

  it('throws away the stdin that a script does not read, instead of running it', async () => {
    const stdin = Buffer.alloc(2_000_000, 'echo pwned; kill -9 $$\n');
    const results = await session.run([sh`head -c 5; exit 4`, sh`echo after`], { stdin });
    expect(results.map((each) => [each.code, String(each.stdout)])).toEqual([
      [4, 'echo '],
      [0, 'after\n'],
    ]);
  });

  it('tells whole lines as they arrive, redacted', async () => {
    const lines: string[] = [];
    const arrived: number[] = [];
    secret('hunter2-and-more');
    const onLine = (line: string): void => {
      lines.push(line);
      arrived.push(performance.now());
    };
    await session.run([sh`echo hunter2-and-more; sleep 0.3; printf 'no newline at the end'; echo err >&2`], { onLine });
    expect(lines.toSorted()).toEqual(['err', 'no newline at the end', '•••••']);
    expect((arrived[2] ?? 0) - (arrived[0] ?? 0)).toBeGreaterThan(200);
  });

  it('tells which stream a line is of, and nothing of the scripts that only came along', async () => {
    const told: string[] = [];
    const onLine = (line: string, stream: string): void => void told.push(`${stream} ${line}`);
    await session.run([sh`echo out; echo err >&2`, sh`echo its state`], { onLine });
    expect(told.toSorted()).toEqual(['stderr err', 'stdout out']);
  });

  it('runs calls one after the other, in their order', async () => {
    const calls = [0.05, 0, 0.02].map((pause) => session.run([sh`date +%s%N; sleep ${pause}; date +%s%N`]));
    const times = (await Promise.all(calls)).map(([result]) => String(result?.stdout));
    expect(times.join('').trim().split('\n')).toEqual(times.join('').trim().split('\n').toSorted());
  });

  it('does 1000 commands without the 40 ms that each would cost through Nagle’s algorithm', async () => {
    const started = performance.now();
    for (let i = 0; i < 1000; i++) await session.run([sh`:`]);
    expect(performance.now() - started).toBeLessThan(12_000);
  });

  it('stops a command that prints without end, and goes on', async () => {
    const small = await connect(sshd.target(), { maxOutput: 1024 * 1024 });
    await expect(small.run([sh`yes`])).rejects.toThrow(/more than 1 MiB/);
    expect((await small.run([sh`echo on`]))[0]?.code).toBe(0);
    await small.close();
  });

  it('does not see what a login shell prints by itself', async () => {
    const noisy = await connect(sshd.target({ user: users.trusted }));
    const [result] = await noisy.run([sh`id -un`]);
    expect([String(result?.stdout), String(result?.stderr)]).toEqual(['root\n', '']);
    await noisy.close();
  });

  it('refuses to run once it is closed', async () => {
    const closed = await connect(sshd.target());
    await closed.close();
    await expect(closed.run([sh`true`])).rejects.toMatchObject({ code: 'ConnectionLost' });
  });

  it('shows neither scripts nor stdin in the arguments of a process', async () => {
    const word = 'word-that-must-not-show';
    const [, seen] = await session.run([sh`cat >/dev/null`, sh`cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' '`], {
      stdin: Buffer.from(quote(word)),
    });
    expect(String(seen?.stdout)).toContain('sshd');
    expect(String(seen?.stdout)).not.toContain(word);
  });
});
