import { randomBytes } from 'node:crypto';
import { commandFailed, connectionLost, type KonvergeError } from '../errors.ts';
import type { CommandResult } from '../resources/contract.ts';
import { collect, type OnLine } from './collector.ts';
import { bareFrameText, type FrameInput, frameText, streamTrailer } from './frame.ts';
import type { Pipe, PipeEnd } from './link.ts';

/** Bytes that are fed to a command while it runs. `size` is a promise to the host and must be kept exactly. */
export interface Source {
  readonly size: number;
  readonly chunks: AsyncIterable<Buffer>;
}

export interface Job {
  readonly scripts: readonly string[];
  readonly stdin?: Buffer | Source | undefined;
  /** true = one script, run in the shell itself */
  readonly bare?: boolean;
  readonly onLine?: OnLine | undefined;
}

/** A long-lived shell on a host. One job at a time. */
export interface Shell {
  /** `PID STARTTIME BOOT_ID`: names this very process for ever */
  readonly id: string;
  readonly uid: number;
  readonly alive: boolean;
  readonly closed: Promise<PipeEnd>;
  /** @throws KonvergeError ConnectionLost when the shell ends before the job; CommandFailed when it prints too much */
  run(job: Job): Promise<readonly CommandResult[]>;
  end(): void;
  destroy(): void;
}

export interface ShellFacts {
  readonly id: string;
  readonly uid: number;
  readonly maxOutput: number;
}

export function shellOn(pipe: Pipe, facts: ShellFacts): Shell {
  let alive = true;
  let abort: (error: KonvergeError) => void = () => undefined;
  void pipe.closed.then((end) => {
    alive = false;
    abort(shellEnded(end));
  });
  const run = (job: Job): Promise<readonly CommandResult[]> =>
    new Promise((resolve, reject) => {
      if (!alive) return reject(connectionLost('the shell on the host has ended'));
      abort = reject;
      const marker = randomBytes(16).toString('hex');
      const { stdin } = job;
      const onGo = (): void => {
        if (stdin !== undefined && !Buffer.isBuffer(stdin)) void pour(pipe, stdin, marker, reject);
      };
      const collector = collect({
        marker,
        count: job.scripts.length,
        maxOutput: facts.maxOutput,
        onLine: job.onLine,
        onGo,
        onDone: resolve,
        onError: reject,
      });
      pipe.listen(collector.stdout, collector.stderr);
      void pipe.write(Buffer.from(textOf(job, marker)));
    });
  return {
    id: facts.id,
    uid: facts.uid,
    get alive() {
      return alive;
    },
    closed: pipe.closed,
    run,
    end: () => pipe.end(),
    destroy: () => pipe.destroy(),
  };
}

function textOf(job: Job, marker: string): string {
  if (job.bare === true) return bareFrameText(marker, job.scripts.join('\n'));
  return frameText(marker, job.scripts, inputOf(job.stdin));
}

function inputOf(stdin: Job['stdin']): FrameInput {
  if (stdin === undefined) return { kind: 'none' };
  return Buffer.isBuffer(stdin) ? { kind: 'inline', bytes: stdin } : { kind: 'stream', size: stdin.size };
}

/** Exactly `size` bytes, then the trailer. With fewer the host would wait for ever, so the shell is given up. */
async function pour(pipe: Pipe, source: Source, marker: string, reject: (error: unknown) => void): Promise<void> {
  let sent = 0;
  try {
    for await (const chunk of source.chunks) {
      sent += chunk.length;
      if (sent > source.size) break;
      await pipe.write(chunk);
    }
    if (sent !== source.size) throw new Error(`it has ${sent} bytes now, and had ${source.size}`);
    await pipe.write(Buffer.from(streamTrailer(marker)));
  } catch (thrown) {
    reject(sourceFailed(thrown));
    pipe.destroy();
  }
}

function sourceFailed(cause: unknown): KonvergeError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return commandFailed(`what was to be sent could not be read to its end: ${why}`, {
    cause,
    mend: 'see that nothing writes the file on this machine, then run again',
  });
}

function shellEnded(end: PipeEnd): KonvergeError {
  if (end.code === null && end.signal === null) return connectionLost('the connection broke');
  const how = end.code === null ? `by ${end.signal}` : `with exit code ${end.code}`;
  return connectionLost(`the shell on the host ended ${how}`, {
    mend: 'see what stopped it there: journalctl -t sshd -t sudo, or the kernel log for out of memory',
  });
}
