import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandOf } from '../../lib/run/main.ts';
import { kill, pidsOf, prepareMachine, type Sshd, startSshd } from '../connection/sshd.ts';
import { root } from '../house/imports.ts';
import { installIn } from '../installed.ts';
import { type Ended, inProcess } from './in-process.ts';
import { threePlaybook } from './three-playbook.ts';

/** Three hosts of this machine (an sshd each, with a lock of its own) and a playbook for them, run as a program. */
export interface ThreeHosts {
  /** where the hosts keep what the playbook makes: `HOST/FILE` */
  readonly made: string;
  /** what the slow role runs on each host while it is slow: no other process of the machine has this command line */
  readonly slow: string;
  readonly folder: string;
  /** Ends the slow role's sleep, wherever it is asleep now; the role goes on. */
  wake(): void;
  /** the playbook, to its end, in this process: quick, but the inventory is read once and for all */
  here(...args: readonly string[]): Promise<Ended>;
  /** the playbook as a program of its own, to its end */
  run(...args: readonly string[]): Promise<Ended>;
  /** the playbook as a program of its own, under way */
  start(...args: readonly string[]): Started;
  /** makes all as it was before the first run */
  reset(): void;
  remove(): Promise<void>;
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

const names = ['h1', 'h2', 'h3'];

export async function threeHosts(): Promise<ThreeHosts> {
  prepareMachine();
  const folder = mkdtempSync(join(tmpdir(), 'konverge-three-'));
  const made = join(folder, 'made');
  const pause = `60.${String(process.pid).padStart(7, '0')}`;
  const sshds = await Promise.all(names.map(() => startSshd({ ownRun: true })));
  installIn(folder);
  writeFileSync(join(folder, 'hosts.ts'), hostsFile(sshds));
  writeFileSync(join(folder, 'three.ts'), playbookFile(made, pause));
  const start = (...args: readonly string[]): Started => startIn(folder, args);
  const reset = (): void => {
    for (const each of [made, join(folder, '.konverge')]) rmSync(each, { recursive: true, force: true });
    mkdirSync(made);
  };
  reset();
  return {
    made,
    slow: `sleep ${pause}`,
    // Of this signal alone a shell says nothing: whoever listened may be gone.
    wake: () => pidsOf(`sleep ${pause}`).forEach((pid) => kill(pid, 'SIGPIPE')),
    folder,
    start,
    run: (...args) => start(...args).ended,
    here: (...args) =>
      inProcess(commandOf(threePlaybook(made, pause)), { folder, file: join(folder, 'three.ts'), args }),
    reset,
    async remove() {
      await Promise.all(sshds.map((sshd) => sshd.remove()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function startIn(folder: string, args: readonly string[]): Started {
  const env = { ...process.env, NO_COLOR: '1' };
  const child = spawn(process.execPath, ['--import', 'tsx', 'three.ts', ...args], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Ended>((done) => child.on('close', (code) => done({ code, stdout, stderr })));
  return { child, ended };
}

/** `HOST/FILE` of everything the playbook has made, and nothing a write has left unfinished. */
export const filesIn = (made: string): readonly string[] =>
  existsSync(made)
    ? readdirSync(made, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(made.length + 1))
        .toSorted()
    : [];

/** What the playbook's inventory says besides: `spare` is a host that no play is for. */
export function addSpareHost(folder: string): () => void {
  const path = join(folder, 'hosts.ts');
  const before = readFileSync(path, 'utf8');
  writeFileSync(path, before.replace('hosts: {', "hosts: { spare: { address: '10.9.0.9' }, "));
  return () => writeFileSync(path, before);
}

export const read = (path: string): string => readFileSync(path, 'utf8');

const hostsFile = (sshds: readonly Sshd[]): string => `import { defineInventory, groupVars } from 'konverge';
import { vars } from ${JSON.stringify(join(root, 'test/run/three-playbook.ts'))};
export const inventory = defineInventory({
  vars: groupVars('.', vars),
  hosts: ${JSON.stringify(
    Object.fromEntries(
      sshds.map(({ port, key, knownHosts }, i) => [
        names[i],
        { address: `10.9.0.${i + 1}`, ssh: { host: '127.0.0.1', port, user: 'root', identity: key, knownHosts } },
      ]),
    ),
  )},
  groups: { three: ${JSON.stringify(names)} },
});
`;

const playbookFile = (made: string, pause: string): string => `import { main } from 'konverge';
import { threePlaybook } from ${JSON.stringify(join(root, 'test/run/three-playbook.ts'))};
await main(import.meta, threePlaybook(${JSON.stringify(made)}, ${JSON.stringify(pause)}));
`;
