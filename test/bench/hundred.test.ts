import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { sh } from '../../lib/sh.ts';
import { inventoryOf } from '../adhoc/loopback.ts';
import { prepareMachine, type Sshd, startSshd } from '../connection/sshd.ts';
import { root } from '../house/imports.ts';

let sshd: Sshd;
let inventory: ReturnType<typeof inventoryOf>;

/** Each connection is a machine of its own as far as /run goes: its lock, and what the playbook writes. */
const own = `/usr/bin/unshare --mount --propagation private /bin/sh -c 'mount -t tmpfs tmpfs /run && exec /bin/sh -c "$SSH_ORIGINAL_COMMAND"'`;

beforeAll(async () => {
  prepareMachine();
  const allowed = spawnSync('chrt', ['--fifo', '1', 'true'], { encoding: 'utf8' });
  if (allowed.status !== 0) throw new Error(`the measurement needs CAP_SYS_NICE: ${allowed.stderr}`);
  sshd = await startSshd({ config: `ForceCommand ${own}` });
  const { port, key: identity, knownHosts } = sshd;
  const names = Array.from({ length: 100 }, (_, i) => `host${String(i).padStart(3, '0')}`);
  inventory = inventoryOf(names.map((name) => ({ name, groups: [], user: 'root', port, identity, knownHosts })));
}, 300_000);
afterAll(async () => {
  inventory.remove();
  await sshd.remove();
});

const severalCores = availableParallelism() > 1;
const watch = z.object({ wall: z.number(), busy: z.number(), busyInAll: z.number(), wallInAll: z.number() });

interface Ran {
  readonly code: number | null;
  readonly screen: string;
  readonly loop: z.output<typeof watch>;
}

/** The playbook as a program of its own, on a terminal of 200 × 50. */
function runHundred(): Promise<Ran> {
  const file = join(dirname(inventory.file), 'loop.json');
  const typescript = join(dirname(inventory.file), 'typescript');
  const playbook = join(import.meta.dirname, 'hundred/playbook.ts');
  const words = [process.execPath, '--import', 'tsx', playbook, '--inventory', inventory.file, '--forks', '100'];
  const command = sh`stty cols 200 rows 50; exec ${words}`.text;
  const env = { ...process.env, TERM: 'xterm-256color', KONVERGE_LOOP_FILE: file };
  return new Promise((resolve) => {
    const first = severalCores ? ['chrt', '--fifo', '1'] : ['env'];
    const child = spawn('env', [...first, 'script', '-qec', command, typescript], { cwd: root, env, stdio: 'ignore' });
    child.once('close', (code) => {
      const screen = readFileSync(typescript, 'utf8');
      resolve({ code, screen, loop: watch.parse(JSON.parse(readFileSync(file, 'utf8'))) });
    });
  });
}

// The hundred hosts, and the tests beside this one, are processes of the same machine and would take the processors from the
// program that is measured. So it runs, with its terminal, in the class SCHED_FIFO (sched(7)): it has a processor whenever
// it wants one, and the clock tells what it does itself. With one processor the hosts could not answer meanwhile: there
// only its processor time counts. Best of five runs, as the machine below this one may stand still too.
it('a run on 100 hosts never holds the event loop up for more than 50 ms', { retry: 4, timeout: 180_000 }, async () => {
  const { code, screen, loop } = await runHundred();
  expect(code).toBe(0);
  expect(stripVTControlCharacters(screen.slice(-400))).toContain('600 changes on 100 of 100 hosts');
  // It was drawn: rows of hosts, how many there is no room for, and the output of the long command.
  const drawn = [
    /Every host talks.*of 100 hosts done/,
    /… 5\d more hosts: /,
    /line 299 of what a long command has to say/,
  ];
  expect(drawn.filter((part) => !part.test(screen))).toEqual([]);
  // else nothing was measured
  expect(loop.busyInAll).toBeGreaterThan(300);
  expect(loop.wallInAll).toBeGreaterThan(loop.busyInAll);
  expect(loop.busy).toBeLessThan(50);
  expect(severalCores ? loop.wall : 0).toBeLessThan(50);
});
