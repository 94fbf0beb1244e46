import { spawnSync } from 'node:child_process';
import type { RunOptions, Session } from '../../lib/connection/session.ts';
import { connectionLost } from '../../lib/errors.ts';
import type { CommandResult } from '../../lib/resources/contract.ts';
import type { Script } from '../../lib/sh.ts';

export interface ShellSession extends Session {
  /** the texts that were sent, one array a round trip */
  readonly sent: string[][];
  /** the next round trip is lost: `before` it reached the host, or `after` it was carried out */
  cut: 'before' | 'after' | undefined;
}

/** A Session whose host is this machine: each script really runs in sh, without a connection. */
export function shellSession(host = 'here'): ShellSession {
  const sent: string[][] = [];
  return {
    host,
    sent,
    cut: undefined,
    get trips() {
      return sent.length;
    },
    run(scripts: readonly Script[], options: RunOptions = {}): Promise<readonly CommandResult[]> {
      const { cut } = this;
      this.cut = undefined;
      sent.push(scripts.map((script) => script.text));
      if (cut === 'before') return Promise.reject(connectionLost('cut'));
      const results = scripts.map((script, i) => runHere(script, i === 0 ? options.stdin : undefined));
      return cut === 'after' ? Promise.reject(connectionLost('cut')) : Promise.resolve(results);
    },
    upload: () => Promise.reject(new Error('not in this session')),
    lock: () => Promise.resolve(),
    interrupt: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

function runHere(script: Script, stdin: Buffer | undefined): CommandResult {
  const done = spawnSync('sh', ['-c', script.text], { input: stdin ?? '' });
  return { code: done.status ?? 255, stdout: done.stdout, stderr: done.stderr, ms: 1 };
}
