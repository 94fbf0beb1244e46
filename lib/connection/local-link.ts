import { ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import { $ } from 'zx/core';
import { quote } from '../sh.ts';
import type { Dial, Pipe, PipeEnd } from './link.ts';
import { writerTo } from './pipe-writer.ts';

/** The controller itself: the same shell, without SSH. */
export const localDial: Dial = () =>
  Promise.resolve({
    exec: (command) => Promise.resolve(startLocally(command)),
    lost: new Promise(() => undefined),
    close: () => Promise.resolve(),
  });

// zx keeps what a program prints until it ends; a shell that lives as long as the run must not fill the memory.
const forgetful = {
  push: () => 0,
  length: 0,
  join: () => '',
  reduce: <T>(_add: unknown, nothing: T): T => nothing,
  [Symbol.iterator]: () => [][Symbol.iterator](),
};

/** Output that is still on its way when a program ends. */
const lastWordsMs = 300;

/** A program here, which keeps this process from ending unless it is told not to. */
export interface LocalPipe extends Pipe {
  /** whether this process waits for it */
  awaited(isAwaited: boolean): void;
}

export function startLocally(command: string): LocalPipe {
  const program = $({
    shell: '/bin/sh',
    prefix: '',
    quote,
    quiet: true,
    nothrow: true,
    // a session of its own, so that stopping it stops its children and not us
    detached: true,
    store: { stdout: forgetful, stderr: forgetful, stdall: forgetful },
  })`sh -c ${command}`;
  let stdout: (chunk: Buffer) => void = () => undefined;
  let stderr: (chunk: Buffer) => void = () => undefined;
  program.stdout.on('data', (chunk: Buffer) => stdout(chunk));
  program.stderr.on('data', (chunk: Buffer) => stderr(chunk));
  // EPIPE when the program ends before it has read everything
  program.stdin.on('error', () => undefined);
  const closed = new Promise<PipeEnd>((resolve) => {
    program.child?.on('close', (code, signal) => resolve({ code, signal }));
    // What the program started may keep its output open for ever.
    program.child?.on('exit', (code, signal) => {
      setTimeout(() => resolve({ code, signal }), lastWordsMs).unref();
    });
  });
  return {
    closed,
    awaited: (isAwaited) => setAwaited([program.child, program.stdin, program.stdout, program.stderr], isAwaited),
    write: writerTo(program.stdin, closed),
    end: () => program.stdin.end(),
    destroy() {
      program.stdin.end();
      void program.kill('SIGKILL').catch(() => undefined);
    },
    listen(onStdout, onStderr) {
      stdout = onStdout;
      stderr = onStderr;
    },
  };
}

/** The parts of a program that keep this process from ending: itself, and its streams, which are sockets. */
function setAwaited(parts: readonly unknown[], isAwaited: boolean): void {
  for (const part of parts) {
    if (!(part instanceof Socket || part instanceof ChildProcess)) continue;
    if (isAwaited) part.ref();
    else part.unref();
  }
}
