import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootCommand, readyLine, startLine } from '../../lib/connection/boot.ts';
import { lockScript } from '../../lib/connection/host-lock.ts';
import { awaitScript, killScript } from '../../lib/connection/orphan.ts';
import { descendants, kill, prepareMachine } from './sshd.ts';

let folder: string;
beforeAll(() => {
  prepareMachine();
  folder = mkdtempSync(join(tmpdir(), 'konverge-scripts-'));
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true }));

const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
const idOf = (pid = 0): string => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]} ${bootId}`;
};
const state = (pid: number): string => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2)[0] ?? '';
  } catch {
    return 'gone';
  }
};
/** A tree of processes in a session of its own. */
async function tree(): Promise<{ readonly root: ChildProcess; readonly pids: readonly number[] }> {
  const root = spawn('sh', ['-c', 'sleep 60 & (sleep 60; :) & sh -c "sleep 60; :" ; :'], { detached: true });
  while (descendants(root.pid ?? 0).length < 5) await sleep(10);
  return { root, pids: [root.pid ?? 0, ...descendants(root.pid ?? 0)] };
}

describe.each([[['dash']], [['bash', '--posix']], [['busybox', 'sh']]])('in %s', ([command = 'sh', ...words]) => {
  const run = (text: string): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(command, [...words, '-c', text], { encoding: 'utf8' });

  it('the boot command says who the shell is and drops lines until it is told to start', () => {
    const shell = [command, ...words].join(' ');
    const text = bootCommand('mark', { kind: 'none' }).replaceAll('exec sh', `exec ${shell}`);
    const input = `a password\n${startLine('mark')}echo "$$ $LC_ALL $(pwd) $(umask)"\n`;
    const { stdout } = spawnSync(command, [...words, '-c', text], { encoding: 'utf8', input });
    const [first = '', second = ''] = stdout.split('\n');
    const { id = '', uid } = readyLine('mark').exec(`${first}\n`)?.groups ?? {};
    expect([uid, id.split(' ')[2]]).toEqual(['0', bootId]);
    expect(second).toBe(`${id.split(' ')[0]} C / 0022`);
  });

  it('a whole tree of processes is killed, but not under another boot or start time', async () => {
    const { root, pids } = await tree();
    const [pid, start] = idOf(root.pid).split(' ');
    for (const other of [`${pid} ${start} other-boot`, `${pid} 1 ${bootId}`, `4194000 1 ${bootId}`]) {
      expect(run(killScript(other).text)).toMatchObject({ status: 0, stdout: '', stderr: '' });
      expect(run(awaitScript(other, 5).text)).toMatchObject({ status: 0, stdout: '', stderr: '' });
    }
    expect(state(root.pid ?? 0)).toBe('S');
    expect(run(awaitScript(idOf(root.pid), 0.4).text).status).toBe(1);
    expect(run(killScript(idOf(root.pid)).text)).toMatchObject({ status: 0, stdout: '', stderr: '' });
    expect(pids.map(state).filter((each) => each !== 'gone' && each !== 'Z')).toEqual([]);
  });

  it('the lock is taken, refused with its holder’s words, and freed by the holder’s end', async () => {
    const file = join(folder, `lock-${command}`);
    const take = (holder: string, wait: number): string => `${lockScript(file, holder, wait).text}\n`;
    const holding = spawn(command, words, { stdio: ['pipe', 'pipe', 'inherit'] });
    holding.stdin.write(take("it's me\nline two", 0));
    const said = await new Promise((resolve) => holding.stdout.once('data', (chunk) => resolve(String(chunk))));
    expect(said).toBe('taken\n');
    expect(run(take('you', 0)).stdout).toBe("busy\nit's me\nline two\n");
    const waiting = spawn(command, [...words, '-c', take('you', 5)], { stdio: ['ignore', 'pipe', 'inherit'] });
    const answer = new Promise((resolve) => waiting.stdout.once('data', (chunk) => resolve(String(chunk))));
    await sleep(100);
    kill(holding.pid ?? 0);
    expect(await answer).toBe('taken\n');
    expect(readFileSync(file, 'utf8')).toBe('you\n');
  });

  it('a lock file that cannot be written does not end the shell', () => {
    const { stdout } = run(`${lockScript('/no/such/folder/lock', 'me', 0).text}\necho alive`);
    expect(stdout).toMatch(/^unwritable\n.*(directory|nonexistent|permitted|denied)[^\n]*\nalive\n$/i);
    const bare = run(`PATH=/nowhere\n${lockScript(join(folder, 'x'), 'me', 0).text}\necho alive`);
    expect(command === 'busybox' ? 'missing\nalive\n' : bare.stdout).toBe('missing\nalive\n');
  });
});
