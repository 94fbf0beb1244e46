import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** A program on a terminal of its own (script(1) of util-linux), whose keyboard we are. */
export interface Terminal {
  /** everything that has stood on the screen */
  readonly screen: () => string;
  /** Resolves once the screen shows it. @throws Error when it does not come */
  readonly shows: (text: string) => Promise<void>;
  readonly type: (keys: string) => void;
  /** the program's exit code */
  readonly ended: Promise<number | null>;
  /** of script(1) */
  readonly process: ChildProcess;
}

export interface TerminalOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** What is typed is echoed by the terminal unless the program forbids it. */
export function onTerminal(program: readonly string[], { cwd, env = process.env }: TerminalOptions = {}): Terminal {
  const words = ['-q', '-e', '-f', '--echo', 'always', '-c', 'exec $PROGRAM', '/dev/null'];
  const child = spawn('script', words, {
    env: { ...env, PROGRAM: program.join(' '), TERM: 'xterm', SHELL: '/bin/sh' },
    ...(cwd === undefined ? {} : { cwd }),
  });
  let screen = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (screen += String(chunk)));
  const ended = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)));
  return {
    screen: () => screen,
    async shows(text) {
      for (let tries = 0; tries < 1500 && !screen.includes(text); tries++) await sleep(20);
      if (!screen.includes(text)) throw new Error(`'${text}' did not come; the screen shows:\n${screen}`);
    },
    type: (keys) => child.stdin.write(keys),
    ended,
    process: child,
  };
}
