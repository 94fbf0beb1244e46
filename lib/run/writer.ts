import type { AnyResource, CommandResult, WriteOptions, Writer } from '../resources/contract.ts';
import { isSecret, reveal, type Secret } from '../secret.ts';
import type { Script } from '../sh.ts';
import { expectCode, parseAll, saidBy } from './answers.ts';
import type { Bench } from './bench.ts';

/** A Writer that asks the probes of `again` in the same round trip as each write. */
export interface PiggybackWriter extends Writer {
  /** what the last write's round trip found; undefined when nothing was run */
  states(): readonly unknown[] | undefined;
  /** what the last command printed, secret ones excepted */
  said(): string;
  /** whether anything was sent that may have changed the host */
  wrote(): boolean;
}

const defaultSeconds = 300;

export function writerFor(bench: Bench, again: readonly AnyResource[]): PiggybackWriter {
  let probed: readonly CommandResult[] | undefined;
  let wrote = false;
  let said = '';
  const probes = again.map((resource) => resource.probe.script);
  return {
    host: bench.session.host,
    wrote: () => wrote,
    said: () => said,
    states: () => (probed === undefined ? undefined : parseAll(again, probed)),
    async run(script: Script, options: WriteOptions = {}): Promise<CommandResult> {
      const what = options.what ?? firstLine(script);
      wrote = true;
      const [result, ...rest] = await bench.session.run([script, ...probes], {
        timeoutMs: (options.timeout ?? defaultSeconds) * 1000,
        ...(options.secret === true ? {} : { onLine: (line: string) => bench.live(what, line) }),
        ...(options.stdin === undefined ? {} : { stdin: toBuffer(options.stdin) }),
      });
      if (result === undefined) throw new Error('the session answered nothing');
      probed = rest;
      said = options.secret === true ? '' : saidBy(result);
      const told = options.secret === true ? { ...result, stdout: Buffer.alloc(0) } : result;
      expectCode(told, options.okCodes ?? [0], what, script.text);
      return result;
    },
    async upload(localPath, remotePath) {
      wrote = true;
      probed = undefined;
      await bench.session.upload(localPath, remotePath);
    },
  };
}

function toBuffer(stdin: Buffer | string | Secret<string>): Buffer {
  if (isSecret<string>(stdin)) return Buffer.from(reveal(stdin));
  return typeof stdin === 'string' ? Buffer.from(stdin) : stdin;
}

function firstLine(script: Script): string {
  return script.text.trim().split('\n', 1)[0]?.slice(0, 60) ?? '';
}
