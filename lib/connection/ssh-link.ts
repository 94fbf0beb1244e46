import type { ClientChannel } from 'ssh2';
import { logInPatiently, routeTo } from './bastion.ts';
import type { Dial, Link, Pipe, PipeEnd } from './link.ts';
import { writerTo } from './pipe-writer.ts';
import type { SshClient } from './ssh-client.ts';
import { resolveSshHost } from './ssh-host.ts';
import { type ConnectOptions, defaultConnectTimeoutMs, type Target } from './target.ts';

/** Output that is still on its way when a program ends. */
const lastWordsMs = 300;

/** A way to `target` by SSH, with OpenSSH's settings for it, over its bastions. */
export function sshDial(target: Target, options: ConnectOptions): Dial {
  const { name, ssh: settings } = target;
  const timeoutMs = target.connectTimeoutMs ?? defaultConnectTimeoutMs;
  return async () => {
    const host = await resolveSshHost(target.address, settings, options.sshConfig);
    const route = await routeTo(host, { name, timeoutMs, options, settings });
    try {
      const client = await logInPatiently({ name, host, timeoutMs, options, openStream: route.openStream });
      void client.lost.then(() => route.release());
      return linkOver(client);
    } catch (thrown) {
      await route.release();
      throw thrown;
    }
  };
}

function linkOver({ client, lost, close }: SshClient): Link {
  const exec = (command: string): Promise<Pipe> =>
    new Promise((resolve, reject) => {
      void lost.then(reject);
      // A connection that is already gone throws here instead of calling back.
      client.exec(command, (error, channel) => (error === undefined ? resolve(pipeOf(channel)) : reject(error)));
    });
  return { exec, lost, close };
}

interface Listeners {
  readonly stdout: (chunk: Buffer) => void;
  readonly stderr: (chunk: Buffer) => void;
}

function pipeOf(channel: ClientChannel): Pipe {
  let heard: Listeners | undefined;
  channel.on('error', () => undefined);
  // ssh2 says `exit` with null for a signal, and does not say it at all when the connection broke.
  let end: PipeEnd = { code: null, signal: null };
  const closed = new Promise<PipeEnd>((resolve) => {
    channel.on('close', () => resolve(end));
    channel.on('exit', (code: number | null, signal?: string) => {
      end = { code, signal: signal ?? null };
      // What the program started may keep its output, and so the channel, open for ever.
      setTimeout(() => {
        channel.close();
        resolve(end);
      }, lastWordsMs).unref();
    });
  });
  return {
    closed,
    write: writerTo(channel, closed),
    end: () => channel.end(),
    destroy: () => channel.destroy(),
    listen(stdout, stderr) {
      const isFirst = heard === undefined;
      heard = { stdout, stderr };
      if (!isFirst) return;
      // Not before somebody listens: the first output may come in the same packet as the word that the channel is open.
      channel.on('data', (chunk: Buffer) => heard?.stdout(chunk));
      channel.stderr.on('data', (chunk: Buffer) => heard?.stderr(chunk));
    },
  };
}
