import { commandFailed, connectionLost, type KonvergeError } from '../errors.ts';
import type { CommandResult } from '../resources/contract.ts';
import { redact } from '../secret.ts';
import type { StreamName } from './session.ts';
import { splitAtMarks, splitLines } from './splitter.ts';

export type OnLine = (line: string, stream: StreamName) => void;

export interface CollectorOptions {
  readonly marker: string;
  /** scripts in the frame */
  readonly count: number;
  /** bytes of each stream, over all scripts */
  readonly maxOutput: number;
  readonly onLine?: OnLine | undefined;
  /** the host is ready for the streamed stdin */
  onGo(): void;
  onDone(results: readonly CommandResult[]): void;
  /** from here on nothing more is collected */
  onError(error: KonvergeError): void;
}

export interface Collector {
  readonly stdout: (chunk: Buffer) => void;
  readonly stderr: (chunk: Buffer) => void;
}

/** Puts the two streams of one frame together again: what each script printed, its exit code, its wall time. */
export function collect(options: CollectorOptions): Collector {
  const codes: { code: number; at: number }[] = [];
  const started = performance.now();
  let failed = false;
  const fail = (error: KonvergeError): void => {
    failed = true;
    options.onError(error);
  };
  const finish = (): void => {
    if (failed || codes.length < options.count || errors.done < options.count) return;
    options.onDone(codes.map(({ code, at }, i) => result(i, code, at, codes[i - 1]?.at ?? started)));
  };
  const result = (i: number, code: number, at: number, since: number): CommandResult => ({
    code,
    stdout: output.taken(i),
    stderr: errors.taken(i),
    ms: at - since,
  });
  const output = stream('stdout', options, fail, (tail) => {
    if (tail === ':go') return options.onGo();
    const code = Number(tail.slice(1));
    if (!/^:\d+$/.test(tail)) return fail(connectionLost('the shell on the host answered out of order'));
    codes.push({ code, at: performance.now() });
    output.next();
    finish();
  });
  const errors = stream('stderr', options, fail, () => {
    errors.next();
    finish();
  });
  return {
    stdout: (chunk) => !failed && output.feed(chunk),
    stderr: (chunk) => !failed && errors.feed(chunk),
  };
}

interface Stream {
  readonly done: number;
  feed(chunk: Buffer): void;
  next(): void;
  taken(script: number): Buffer;
}

function stream(
  name: StreamName,
  options: CollectorOptions,
  fail: (error: KonvergeError) => void,
  mark: (tail: string) => void,
): Stream {
  const { onLine, maxOutput } = options;
  const taken: Buffer[] = [];
  const lines = onLine && splitLines((line) => onLine(redact(line), name));
  let parts: Buffer[] = [];
  let size = 0;
  const bytes = (part: Buffer): void => {
    size += part.length;
    if (size > maxOutput) return fail(tooMuch(maxOutput));
    parts.push(part);
    if (taken.length === 0) lines?.feed(part);
  };
  return {
    get done() {
      return taken.length;
    },
    feed: splitAtMarks(options.marker, { bytes, mark }),
    next() {
      lines?.flush();
      taken.push(Buffer.concat(parts));
      parts = [];
    },
    taken: (script) => taken[script] ?? Buffer.alloc(0),
  };
}

function tooMuch(limit: number): KonvergeError {
  return commandFailed(`the command printed more than ${Math.round(limit / 1024 / 1024)} MiB and was stopped`, {
    mend: 'send the output to a file on the host, or filter it there',
  });
}
