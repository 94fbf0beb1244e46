import { spawn } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { collect } from '../../lib/connection/collector.ts';
import { frameText } from '../../lib/connection/frame.ts';
import { splitAtMarks, splitLines } from '../../lib/connection/splitter.ts';
import type { CommandResult } from '../../lib/resources/contract.ts';
import { prepareMachine } from './sshd.ts';

beforeAll(() => prepareMachine(), 300_000);

const marker = '0123456789abcdef'.repeat(2);

/** One frame through a real shell, fed as the session feeds it. */
function through(shell: readonly string[], scripts: readonly string[], stdin?: Buffer, stream?: Buffer) {
  return new Promise<readonly (readonly [number, string, string])[]>((resolve, reject) => {
    const [command = 'sh', ...words] = shell;
    const child = spawn(command, words, { detached: true });
    const done = (results: readonly CommandResult[]): void => {
      child.stdin.end();
      resolve(results.map((each) => [each.code, String(each.stdout), String(each.stderr)]));
    };
    const collector = collect({
      marker,
      count: scripts.length,
      maxOutput: 1e6,
      onGo: () => child.stdin.write(stream),
      onDone: done,
      onError: reject,
    });
    child.stdout.on('data', collector.stdout);
    child.stderr.on('data', collector.stderr);
    child.on('close', () => reject(new Error('the shell ended')));
    const input =
      stream === undefined
        ? ({ kind: 'none' } as const)
        : ({ kind: 'stream', size: stream.length - marker.length - 1 } as const);
    child.stdin.write(frameText(marker, scripts, stdin === undefined ? input : { kind: 'inline', bytes: stdin }));
    if (stream !== undefined && !stream.toString().endsWith(`${marker}\n`)) setTimeout(() => child.stdin.end(), 200);
  });
}

describe.each([[['dash']], [['bash', '--posix']], [['busybox', 'sh']]])('a frame in %s', (shell) => {
  it('isolates scripts, reads stdin, survives syntax errors', async () => {
    const scripts = ["cat; echo 'e' >&2", 'if then', 'exit 7', "printf '%s' \"it's\""];
    const results = await through(shell, scripts, Buffer.from('in'));
    expect(results[0]).toEqual([0, 'in', 'e\n']);
    expect(results[1]?.[0]).toBeGreaterThan(0);
    expect(results.slice(2)).toEqual([
      [7, '', ''],
      [0, "it's", ''],
    ]);
  });

  it('reads streamed stdin exactly, though the script leaves most of it', async () => {
    const bytes = Buffer.alloc(200_000, 'exit 9\n');
    const stream = Buffer.concat([bytes, Buffer.from(`${marker}\n`)]);
    expect(await through(shell, ['wc -c'], undefined, stream)).toEqual([
      [0, expect.stringMatching(/^\s*200000\n$/), ''],
    ]);
    expect(await through(shell, ['head -c 4; exit 5', 'echo b'], undefined, stream)).toEqual([
      [5, 'exit', ''],
      [0, 'b\n', ''],
    ]);
  });

  it('kills the command when the stream is cut, so that half a file is never taken for a whole one', async () => {
    const cut = Buffer.concat([Buffer.alloc(100_000, 'x'), Buffer.alloc(marker.length + 1, 'y')]);
    await expect(through(shell, ['cat >/dev/null; echo whole'], undefined, cut)).rejects.toThrow('the shell ended');
  });

  it('runs nothing of a frame that is cut', async () => {
    const text = frameText(marker, ['echo ran'], { kind: 'none' });
    const [command = 'sh', ...words] = shell;
    const said = await new Promise<string>((resolve) => {
      const child = spawn(command, words);
      let out = '';
      child.stdout.on('data', (chunk) => (out += String(chunk)));
      child.on('close', () => resolve(out));
      child.stdin.end(text.slice(0, -4));
    });
    expect(said).toBe('');
  });
});

describe('splitting', () => {
  const text = `out${marker}:0;${marker.slice(0, 30)}no mark${marker}:go;${marker}:12;tail${marker.slice(0, 5)}`;

  it.each([1, 2, 3, 31, 32, 33, 1000])('finds the marks in chunks of %i bytes', (size) => {
    const seen: string[] = [];
    let bytes = '';
    const feed = splitAtMarks(marker, {
      bytes: (part) => (bytes += part.toString()),
      mark: (tail) => {
        seen.push(bytes, tail);
        bytes = '';
      },
    });
    for (let at = 0; at < text.length; at += size) feed(Buffer.from(text.slice(at, at + size)));
    expect([...seen, bytes]).toEqual(['out', ':0', `${marker.slice(0, 30)}no mark`, ':go', '', ':12', 'tail']);
  });

  it('makes whole lines of chunks that cut through characters', () => {
    const lines: string[] = [];
    const { feed, flush } = splitLines((line) => lines.push(line));
    const bytes = Buffer.from('€uro\r\n\nzwölf\nrest');
    for (const byte of bytes) feed(Buffer.from([byte]));
    flush();
    flush();
    expect(lines).toEqual(['€uro', '', 'zwölf', 'rest']);
  });

  it('refuses an answer that makes no sense', () => {
    const errors: string[] = [];
    const collector = collect({
      marker,
      count: 1,
      maxOutput: 10,
      onGo: () => undefined,
      onDone: () => errors.push('done'),
      onError: (error) => errors.push(error.code),
    });
    collector.stdout(Buffer.from(`${marker}:odd;`));
    collector.stdout(Buffer.from(`${marker}:0;`));
    expect(errors).toEqual(['ConnectionLost']);
  });
});
