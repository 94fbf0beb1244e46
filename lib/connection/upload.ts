import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { badInput, commandFailed, type KonvergeError } from '../errors.ts';
import type { CommandResult } from '../resources/contract.ts';
import { type Script, sh } from '../sh.ts';
import type { Source } from './shell.ts';

export interface Upload {
  readonly script: Script;
  readonly source: Source;
  /** @throws KonvergeError CommandFailed unless the host holds the very bytes that were sent */
  check(result: CommandResult | undefined): void;
}

/** The bytes go through the root shell itself: no SFTP subsystem, no second channel, nothing in a user's folder. */
export async function uploadOf(host: string, localPath: string, remotePath: string): Promise<Upload> {
  const { size } = await stat(localPath).catch((cause: unknown) => {
    throw badInput(`the file to upload cannot be read: ${localPath}`, { cause, place: { host } });
  });
  const hash = createHash('sha256');
  const chunks = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of createReadStream(localPath, { highWaterMark: 256 * 1024 })) {
      if (!Buffer.isBuffer(chunk)) throw new TypeError('a file is read as bytes');
      hash.update(chunk);
      yield chunk;
    }
  };
  const check = (result: CommandResult | undefined): void => {
    if (result?.code !== 0) throw notWritten(host, remotePath, result?.stderr.toString('utf8').trim() ?? '');
    const sum = hash.digest('hex');
    if (!result.stdout.toString('latin1').startsWith(sum)) throw damaged(host, remotePath);
  };
  // What stands at the temp name is removed first: it may be somebody's link to somewhere else.
  const script = sh`umask 077
rm -f -- ${remotePath} && cat >${remotePath} && sha256sum <${remotePath}`;
  return { script, source: { size, chunks: chunks() }, check };
}

export function sourceOf(bytes: Buffer): Source {
  const piece = 256 * 1024;
  const chunks = async function* (): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
  };
  return { size: bytes.length, chunks: chunks() };
}

function notWritten(host: string, remotePath: string, said: string): KonvergeError {
  return commandFailed(`${host}: ${remotePath} could not be written`, {
    place: { host },
    said,
    mend: 'see the space and the mount there: df -h; findmnt -T',
  });
}

function damaged(host: string, remotePath: string): KonvergeError {
  return commandFailed(`${host}: ${remotePath} arrived with another sha256 than it was sent with`, {
    place: { host },
    mend: 'run again; if it happens again, suspect the disk or the memory of the host',
  });
}
