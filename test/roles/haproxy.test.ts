import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { createServer, type Server } from 'node:https';
import { join } from 'node:path';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { sh } from '../../lib/sh.ts';
import { haproxy } from '../../roles/haproxy/index.ts';
import { runOn, tempFolder } from '../resources/harness.ts';
import { sandbox } from '../resources/sandbox.ts';
import { contentOf, hostNamed, inventory, rehearsed, titles, writeFiles } from './rehearsed.ts';

const path = '/etc/haproxy/haproxy.cfg';
const backends = inventory.slice(0, 3).map(({ name, address }) => ({ name, address }));

describe('the plan', () => {
  test('packages, settings, service', async () => {
    expect(titles(await rehearsed(haproxy, { backends }))).toEqual([
      'pkg haproxy',
      `file ${path}`,
      'service haproxy.service',
    ]);
  });

  test('SELinux that enforces lets haproxy reach 6443', async () => {
    const plan = await rehearsed(haproxy, { backends }, { family: 'rhel', facts: { selinux: 'enforcing' } });
    expect(titles(plan)[1]).toBe('command SELinux boolean haproxy_connect_any');
  });

  test.each([
    [{ port: 6443 }, 'haproxy cannot listen on 6443 beside the API server'],
    [{ livenessPort: 6443 }, 'haproxy cannot listen on 6443 beside the API server'],
    [{ port: 8404 }, 'port and livenessPort are both 8404'],
  ])('%j is refused', (vars, message) => {
    expect(() => haproxy({ backends, ...vars }).prepare(hostNamed('k8s-mn01'), inventory)).toThrow(message);
  });
});

describe('the real haproxy', () => {
  test.each(['debian', 'rhel'] as const)('takes the settings without a warning, %s', async (family) => {
    const host = await sandbox();
    await host.put(path, '# of the operator\n');
    await writeFiles(await rehearsed(haproxy, { backends }, { family }), host);
    expect(await host.get(path)).toContain('server k8s-mn03 192.168.10.33:6443');
    const kept = await runOn('dash', sh`cat /etc/haproxy/haproxy.cfg.*~`, host.surroundings);
    expect(kept.stdout.toString()).toBe('# of the operator\n');
  });

  test('a warning counts as a mistake', async () => {
    const host = await sandbox();
    await host.standIn('haproxy', "echo '[WARNING] (1) : config : odd' >&2");
    await expect(writeFiles(await rehearsed(haproxy, { backends }), host)).rejects.toThrow('validation failed');
    expect(await host.get(path)).toBeUndefined();
  });

  test('sends clients to API servers that are ready, and only to these', { timeout: 30_000 }, async () => {
    const folder = await tempFolder();
    const certificate = await selfSigned(folder);
    const [one, two] = [await apiServer('one', certificate), await apiServer('two', certificate)];
    two.ready = false;
    const [port, livenessPort] = [await freePort(), await freePort()];
    const vars = { port, livenessPort, interval: 1, maxConnections: 500, backends: [one.backend, two.backend] };
    const text = contentOf(await rehearsed(haproxy, vars), path).replaceAll(/^ +(?:chroot|user|group) .*\n/gm, '');
    await writeFile(join(folder, 'haproxy.cfg'), text);
    const running = spawn('haproxy', ['-db', '-f', join(folder, 'haproxy.cfg')], { stdio: 'ignore' });
    onTestFinished(() => void running.kill());

    await until(async () => (await status(livenessPort)) === 200);
    await until(async () => (await servedBy(port, 6)).every((name) => name === 'one'));
    const watching = await dial(port);
    let cut = false;
    watching.on('close', () => {
      cut = true;
    });
    [one.ready, two.ready] = [false, true];
    await until(async () => cut && (await servedBy(port, 6)).every((name) => name === 'two'));
    // Without any API server haproxy itself still lives.
    two.ready = false;
    await until(async () => (await servedBy(port, 1))[0] === 'nobody');
    expect(await status(livenessPort)).toBe(200);
  });
});

interface Certificate {
  readonly key: string;
  readonly cert: string;
}

async function selfSigned(folder: string): Promise<Certificate> {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  await promisify(execFile)('openssl', [...args, '-subj', '/CN=test', '-keyout', key, '-out', cert]);
  return { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') };
}

interface ApiServer {
  ready: boolean;
  readonly backend: { readonly name: string; readonly address: string; readonly port: number };
}

/** Answers /readyz as an API server does, and anything else with its name. */
async function apiServer(name: string, certificate: Certificate): Promise<ApiServer> {
  const server = createServer(certificate, ({ url }, response) => {
    response.statusCode = url === '/readyz' && !made.ready ? 500 : 200;
    response.end(name);
  });
  const made: ApiServer = { ready: true, backend: { name, address: '127.0.0.1', port: await listening(server) } };
  return made;
}

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listening(server);
  server.close();
  return port;
}

async function dial(port: number): Promise<TLSSocket> {
  const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
  socket.on('error', () => {});
  onTestFinished(() => void socket.destroy());
  // Without an API server haproxy takes the connection and closes it.
  await new Promise<void>((resolve) => {
    socket.on('secureConnect', resolve).on('close', resolve);
  });
  return socket;
}

/** Which API server answers each of so many new connections. */
async function servedBy(port: number, times: number): Promise<readonly string[]> {
  return Promise.all(
    Array.from({ length: times }, async () => {
      const socket = await dial(port);
      let answer = '';
      socket.on('data', (chunk: Buffer) => {
        answer += chunk.toString();
      });
      socket.write('GET / HTTP/1.0\r\n\r\n');
      if (!socket.closed) await new Promise((resolve) => socket.on('close', resolve));
      return answer.split('\r\n\r\n')[1] ?? 'nobody';
    }),
  );
}

const status = (port: number): Promise<number | undefined> =>
  new Promise((resolve) => {
    get(`http://127.0.0.1:${port}/alive`, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', () => resolve(undefined));
  });

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`never: ${isSo.toString()}`);
}
