import pLimit from 'p-limit';
import { $ } from 'zx/core';
import { quote } from '../sh.ts';
import { ownTurn } from '../turns.ts';

export interface ProgramResult {
  /** null = it could not be started or a signal ended it */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

// One process each for hundreds of hosts: a few at a time, or they only wait for each other.
const few = pLimit(4);

const quiet = { shell: '/bin/sh', prefix: '', quiet: true, nothrow: true, quote } as const;

/** Runs one of OpenSSH's own tools on the controller, in the C locale, without a terminal. Never rejects. */
export function runProgram(words: readonly string[]): Promise<ProgramResult> {
  return few(async () => {
    // Starting a process holds the loop up for milliseconds.
    await ownTurn();
    const env = { ...process.env, LC_ALL: 'C' };
    const output = await $({ ...quiet, env, stdio: ['ignore', 'pipe', 'pipe'] })`exec ${words}`;
    return { code: output.exitCode, stdout: output.stdout, stderr: output.stderr };
  });
}
