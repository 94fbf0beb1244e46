import { connect as connectTcp } from 'node:net';
import type { Duplex } from 'node:stream';
import type { NodeSSH } from 'node-ssh';
import type { AuthHandlerMiddleware, Client } from 'ssh2';
import { authentication, credentialsOf } from './credentials.ts';
import { judge, lookUpHostKeys, preferredAlgorithms, recordHostKey } from './host-keys.ts';
import { type Attempt, loginFailure } from './login-failure.ts';
import type { SshHost } from './ssh-host.ts';
import { type ConnectOptions, defaultKeepalive } from './target.ts';

/** A logged-in SSH connection. */
export interface SshClient {
  readonly client: Client;
  /** Resolves, once, with the reason, when the connection is gone; it never rejects. */
  readonly lost: Promise<Error>;
  readonly close: () => Promise<void>;
}

export interface LoginContext {
  /** for messages */
  readonly name: string;
  readonly host: SshHost;
  readonly timeoutMs: number;
  readonly options: ConnectOptions;
  /** makes the byte stream that SSH runs over */
  readonly openStream: () => Promise<Duplex>;
}

/** @throws KonvergeError Unreachable; every failure says how to mend it */
export async function logIn(context: LoginContext): Promise<SshClient> {
  const { host, name, timeoutMs, options } = context;
  const [{ usable, leftOut }, known, { NodeSSH: Connection }] = await Promise.all([
    credentialsOf(host, options),
    lookUpHostKeys(host.keyName, host.knownHosts),
    // Loaded while programs are waited for, and by nobody who connects to nothing.
    import('node-ssh'),
  ]);
  const { tried, next } = authentication(usable);
  let shown: Attempt['shown'];
  const hostVerifier = (key: Buffer): boolean => {
    const verdict = judge(known, key);
    shown = { key, verdict };
    return verdict.kind === 'known' || (verdict.kind === 'new' && host.hostKeys === 'accept-new');
  };
  const authHandler: AuthHandlerMiddleware = (accepted, partial) => next(accepted, partial);
  const { intervalMs, count } = options.keepalive ?? defaultKeepalive;
  const ssh = new Connection();
  const failure = (thrown: unknown): Error => loginFailure(thrown, { name, host, timeoutMs, tried, leftOut, shown });
  const sock = await context.openStream().catch((thrown: unknown) => {
    throw failure(thrown);
  });
  try {
    const algorithms = { serverHostKey: preferredAlgorithms(known) };
    const waits = { keepaliveInterval: intervalMs, keepaliveCountMax: count, readyTimeout: timeoutMs };
    const connecting = ssh.connect({ sock, username: host.user, hostVerifier, authHandler, algorithms, ...waits });
    const { connection: client } = ssh;
    if (client === null) throw new Error('node-ssh made no connection');
    const lost = watch(client, sock);
    await connecting;
    client.setNoDelay(true);
    if (shown?.verdict.kind === 'new') await record(host, shown.key);
    return { client, lost, close: () => hangUp(ssh, sock, lost) };
  } catch (thrown) {
    sock.destroy();
    throw failure(thrown);
  }
}

/**
 * node-ssh takes its own error listener away once it is connected; without this one, there from the first moment on, a
 * frozen host (`Keepalive timeout`) would end the whole process.
 */
function watch(client: Client, sock: Duplex): Promise<Error> {
  return new Promise((resolve) => {
    client
      .on('error', (error) => {
        resolve(error);
        sock.destroy();
      })
      .on('end', () => resolve(new Error('the host closed the connection')))
      .on('close', () => resolve(new Error('the connection was closed')));
  });
}

async function record(host: SshHost, key: Buffer): Promise<void> {
  const file = host.knownHosts[0];
  if (file !== undefined) await recordHostKey(file, host.keyName, key, host.hashKnownHosts);
}

/** A host that is gone never answers the goodbye, and an open socket would keep this process alive. */
async function hangUp(ssh: NodeSSH, sock: Duplex, lost: Promise<Error>): Promise<void> {
  ssh.dispose();
  const timer = setTimeout(() => sock.destroy(), 500);
  await lost;
  clearTimeout(timer);
  sock.destroy();
}

/** Without noDelay every answer after the first waits some 40 ms for Nagle's algorithm. @throws Error of node:net */
export function openTcp(host: SshHost, timeoutMs: number): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ host: host.host, port: host.port, noDelay: true });
    const timer = setTimeout(() => {
      socket.destroy();
      reject(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' }));
    }, timeoutMs);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.off('error', reject);
      resolve(socket);
    });
    socket.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}
