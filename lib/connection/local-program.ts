import pLimit from 'p-limit';
import type { CommandResult } from '../resources/contract.ts';
import { sh } from '../sh.ts';
import { ownTurn } from '../turns.ts';
import { type LocalPipe, startLocally } from './local-link.ts';
import { type Shell, shellOn } from './shell.ts';

export interface ProgramResult {
  /** null = it could not be started, or the shell that ran it is gone */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

// One program each for hundreds of hosts: a few at a time, or they only wait for each other.
const few = pLimit(4);

const maxOutput = 4 * 1024 * 1024;

interface Starter {
  readonly shell: Shell;
  readonly pipe: LocalPipe;
}

/** Those with nothing to do. They live as long as this process does, and it does not wait for them. */
const idle: Starter[] = [];

/**
 * Runs one of OpenSSH's own tools on the controller, in the C locale, without a terminal. Never rejects.
 *
 * A shell starts it, and not this process itself: to fork a process of our size takes milliseconds, on a busy machine
 * tenths of a second, and for so long the event loop stands still.
 */
export function runProgram(words: readonly string[]): Promise<ProgramResult> {
  return few(async () => {
    await ownTurn();
    const starter = idle.pop() ?? newStarter();
    starter.pipe.awaited(true);
    try {
      const [result] = await starter.shell.run({ scripts: [sh`LC_ALL=C; export LC_ALL; exec ${words}`.text] });
      return result === undefined ? failed('no answer') : { ...textsOf(result), code: result.code };
    } catch (error) {
      return failed(error instanceof Error ? error.message : String(error));
    } finally {
      starter.pipe.awaited(false);
      if (starter.shell.alive) idle.push(starter);
    }
  });
}

function newStarter(): Starter {
  const pipe = startLocally('exec sh');
  return { pipe, shell: shellOn(pipe, { id: 'this machine', uid: process.getuid?.() ?? 0, maxOutput }) };
}

const textsOf = ({ stdout, stderr }: CommandResult) => ({
  stdout: stdout.toString('utf8'),
  stderr: stderr.toString('utf8'),
});

const failed = (stderr: string): ProgramResult => ({ code: null, stdout: '', stderr });
