import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { execCommand } from '../../lib/adhoc/exec.ts';
import { freePort, isRunning, prepareMachine, type Sshd, startSshd, users } from '../connection/sshd.ts';
import { here, inventoryOf, run, start } from './loopback.ts';

vi.setConfig({ testTimeout: 60_000 });

let first: Sshd;
let second: Sshd;
let inventory: ReturnType<typeof inventoryOf>;

// worker-1 and w2 are root at one port, w3 is root by sudo at another one; nobody listens for dead.
beforeAll(async () => {
  prepareMachine();
  [first, second] = await Promise.all([startSshd(), startSshd()]);
  const known = ({ port, key, knownHosts }: Sshd) => ({ port, identity: key, knownHosts });
  inventory = inventoryOf([
    { name: 'worker-1', groups: ['workers', 'well'], user: 'root', ...known(first) },
    { name: 'w2', groups: ['workers', 'well'], user: 'root', ...known(first) },
    { name: 'w3', groups: ['well'], user: users.trusted, ...known(second) },
    { name: 'dead', groups: ['workers'], user: 'root', ...known(first), port: await freePort() },
  ]);
}, 300_000);
afterAll(async () => {
  inventory.remove();
  await Promise.all([first.remove(), second.remove()]);
});

const exec = (...args: readonly string[]) => here(execCommand(), ['-i', inventory.file, ...args]);
/** The same as a process of its own. */
const program = (...args: readonly string[]) => run('exec.ts', ['-i', inventory.file, ...args]);
const sorted = (text: string): readonly string[] => text.trimEnd().split('\n').toSorted();
const origin = 'echo ${SUDO_USER:-itself}';

describe('exec', () => {
  it('runs one command as root everywhere, names before lines, and keeps words together', async () => {
    const { code, stdout, stderr } = await program('--limit', 'well', '--', 'printf', '%s\\n', 'a  b', "$HOME 'x'");
    expect(sorted(stdout)).toEqual(
      ['w2      ', 'w3      ', 'worker-1'].flatMap((host) => [`${host} | $HOME 'x'`, `${host} | a  b`]),
    );
    expect(stderr).toMatch(/^3 hosts, exit 0 everywhere, in [\d.]+ m?s\.\n$/);
    expect(code).toBe(0);
  });

  it('takes a single word for a line of shell, marks stderr, and lists exit codes', async () => {
    const line = '-x 2>/dev/null; id -un; cat; echo odd >&2; [ -z "$SUDO_USER" ] || exit 7';
    const { code, stdout, stderr } = await exec('-l', 'well', '--', line);
    expect(sorted(stdout)).toEqual(
      ['w2      ', 'w3      ', 'worker-1'].flatMap((host) => [`${host} ! odd`, `${host} | root`]),
    );
    expect(stderr).toMatch(
      /^exit 0 {2}worker-1, w2\nexit 7 {2}w3\n1 of 3 hosts failed, in .* again on these alone: --limit 'w3'\n$/,
    );
    expect(code).toBe(2);
  });

  it('tells of a host that cannot be reached, and does the others', async () => {
    const { code, stdout, stderr } = await exec('--fold', '--', origin);
    expect(stdout).toBe(`worker-1, w2\n  | itself\n\nw3\n  | ${users.trusted}\n`);
    expect(stderr).toMatch(/^✖ dead: .*refuses the connection[^]*\n {2}mend {2}[^]*\nexit 0 {7}worker-1, w2, w3\n/);
    expect(stderr).toContain('\nUnreachable  dead\n1 of 4 hosts failed');
    expect(code).toBe(4);
  });

  it('tells the same as JSON, one event a line', async () => {
    const { code, stdout, stderr } = await exec('--json', '-l', 'w3:dead', '--', "printf 'a\\tb\\033[1m\\n'; exit 3");
    const events: unknown[] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const at = expect.any(Number);
    const own = (type: string) => events.find((event) => JSON.stringify(event).includes(`"type":"${type}"`));
    expect(events).toHaveLength(5);
    expect(events[0]).toEqual({ v: 1, type: 'exec-start', hosts: ['w3', 'dead'], at });
    expect(own('exec-line')).toEqual({
      v: 1,
      type: 'exec-line',
      host: 'w3',
      stream: 'stdout',
      line: 'a\tb\u001b[1m',
      at,
    });
    expect(own('exec-exit')).toEqual({ v: 1, type: 'exec-exit', host: 'w3', code: 3, ms: at, at });
    expect(own('host-failed')).toMatchObject({ host: 'dead', error: { code: 'Unreachable', place: { host: 'dead' } } });
    expect(events.at(-1)).toEqual({ v: 1, type: 'exec-end', exitCode: 4, ms: at, at });
    expect({ code, stderr }).toEqual({ code: 4, stderr: '' });
  });

  it('shows lines as they come, and holds no lock: it works beside a run', async () => {
    const script = 'echo one; ls -l /proc/$$/fd | grep -c konverge.lock; echo two; sleep 2';
    const running = start('exec.ts', ['-i', inventory.file, '-l', 'w2', '--', script]);
    await expect.poll(running.stdout, { timeout: 20_000 }).toBe('w2 | one\nw2 | 0\nw2 | two\n');
    expect(running.child.exitCode).toBeNull();
    expect((await running.ended).code).toBe(0);
  });

  it('stops after --timeout, with children, and the others end', async () => {
    const n = 500_000 + process.pid;
    const script = `[ "$SUDO_USER" ] || sleep ${n} & wait`;
    const { code, stderr } = await exec('--timeout', '1.5', '-l', 'well', '--', script);
    expect(stderr).toContain('no end within 1.5 s');
    expect(stderr).toContain('exit 0    w3\n');
    expect(stderr).toContain('TimedOut  worker-1, w2\n');
    expect(code).toBe(2);
    expect(isRunning(`sleep ${n}`)).toBe(false);
  });

  it('stops at the second Ctrl-C, with what runs on the hosts; what had not begun does not begin', async () => {
    const n = 600_000 + process.pid;
    const running = start('exec.ts', ['-i', inventory.file, '-l', 'worker-1:w3', '--forks', '1', '--', `sleep ${n}`]);
    await expect.poll(() => isRunning(`sleep ${n}`), { timeout: 20_000 }).toBe(true);
    running.child.kill('SIGINT');
    await expect
      .poll(running.stderr)
      .toBe('stopping: every host finishes what it is at; Ctrl-C again stops it there\n');
    expect(isRunning(`sleep ${n}`)).toBe(true);
    running.child.kill('SIGINT');
    const { code, stderr } = await running.ended;
    expect(stderr).toMatch(/\nInterrupted {2}worker-1, w3\nInterrupted after .*\n$/);
    expect({ code, left: isRunning(`sleep ${n}`) }).toEqual({ code: 130, left: false });
  });
});

describe('misuse is told before anything is contacted', () => {
  it('a host that nobody knows', async () => {
    const { code, stdout, stderr } = await exec('--limit', 'worker1', '--', 'uptime');
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toBe("✖ --limit: no host or group is named 'worker1'\n  mend  did you mean 'worker-1'?\n");
  });
});
