import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { SshSettings } from '../../lib/index.ts';
import type { Command } from '../../lib/run/program.ts';
import { root } from '../house/imports.ts';
import { installIn } from '../installed.ts';
import { type Ended, inProcess } from '../run/in-process.ts';

/** A host of a test's inventory: a name for a port of this machine. */
export interface Loopback extends Pick<SshSettings, 'port' | 'user' | 'identity' | 'knownHosts'> {
  readonly name: string;
  readonly groups: readonly string[];
}

/** A folder with a hosts.ts of these hosts, all of them at 127.0.0.1, and no vars. The caller removes it. */
export function inventoryOf(hosts: readonly Loopback[]): { readonly file: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'konverge-hosts-'));
  installIn(folder);
  const entries = hosts.map(({ name, groups: _groups, ...ssh }, i) => [
    name,
    { address: `10.9.${Math.floor(i / 250)}.${(i % 250) + 1}`, ssh: { host: '127.0.0.1', ...ssh } },
  ]);
  const names = [...new Set(hosts.flatMap(({ groups }) => groups))];
  const groups = names.map((group) => [
    group,
    hosts.filter((host) => host.groups.includes(group)).map(({ name }) => name),
  ]);
  const file = join(folder, 'hosts.ts');
  writeFileSync(
    file,
    `import { z } from 'zod';
import { defineInventory, groupVars } from 'konverge';
export const inventory = defineInventory({
  vars: groupVars('.', z.strictObject({})),
  hosts: ${JSON.stringify(Object.fromEntries(entries))},
  groups: ${JSON.stringify(Object.fromEntries(groups))},
});
`,
  );
  return { file, remove: () => rmSync(folder, { recursive: true }) };
}

export interface Program {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
}

/** Starts a playbook of ours as its own process, without a terminal. */
export function start(playbook: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Program {
  const child = spawn(process.execPath, ['--import', 'tsx', join(root, 'playbooks', playbook), ...args], {
    cwd: root,
    env: { ...process.env, NO_COLOR: undefined, FORCE_COLOR: undefined, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = once(child, 'close').then(() => ({ code: child.exitCode, stdout, stderr }));
  return { child, stdout: () => stdout, stderr: () => stderr, ended };
}

export const run = (playbook: string, args: readonly string[], env?: NodeJS.ProcessEnv): Program['ended'] =>
  start(playbook, args, env).ended;

/** The same command in this process. */
export const here = (command: Command, args: readonly string[], playbook = 'exec.ts'): Promise<Ended> =>
  inProcess(command, { folder: root, file: join(root, 'playbooks', playbook), args });
