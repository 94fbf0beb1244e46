import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { Surroundings } from '../../resources/harness.ts';
import type { Sandbox } from '../../resources/sandbox.ts';

export interface Namespace {
  readonly surroundings: Surroundings;
  /** nothing runs in it any more */
  readonly end: () => void;
}

/**
 * The sandbox mounted once, for all scripts and for daemons: a layer that is mounted twice shows each what it likes, and each
 * unmount costs a sync. Gone after the test.
 */
export async function inOneNamespace({ surroundings }: Sandbox): Promise<Namespace> {
  const [program = '', ...args] = surroundings.wrap ?? [];
  const holder = spawn(program, [...args, 'sleep', 'infinity'], { stdio: 'ignore' });
  const end = (): void => void holder.kill('SIGKILL');
  onTestFinished(end);
  const command = `/proc/${holder.pid}/cmdline`;
  for (let i = 0; !(existsSync(command) && readFileSync(command, 'utf8').startsWith('sleep')); i++) {
    if (i > 1_000) throw new Error('the namespace of a host did not come up');
    await sleep(20);
  }
  return { surroundings: { ...surroundings, wrap: ['nsenter', `--mount=/proc/${holder.pid}/ns/mnt`] }, end };
}
