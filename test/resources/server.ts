import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface FileServer {
  readonly url: string;
  /** `GET /x bytes=3-`, in order */
  readonly asked: string[];
}

export interface Served {
  readonly body?: Buffer;
  readonly status?: number;
  /** the connection is cut after so many bytes, the first time only */
  readonly cutAt?: number;
  /** Range headers are heeded; default true */
  readonly ranges?: boolean;
}

/** An HTTP server of this test's own, closed afterwards. */
export async function serve(files: Readonly<Record<string, Served>>): Promise<FileServer> {
  const asked: string[] = [];
  const cut = new Set<string>();
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(`GET ${path} ${request.headers.range ?? ''}`.trim());
    const { cutAt, ...served } = files[path] ?? { status: 404 };
    const cutNow = cutAt !== undefined && !cut.has(path) ? cutAt : undefined;
    cut.add(path);
    answer(request, response, served, cutNow);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${portOf(server)}`, asked };
}

function answer(request: IncomingMessage, response: ServerResponse, served: Served, cutAt: number | undefined): void {
  const { body = Buffer.from('error'), status = 200, ranges = true } = served;
  const from = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const partial = ranges && from > 0;
  if (partial && from >= body.length) {
    response.writeHead(416, { 'Content-Range': `bytes */${body.length}` }).end();
    return;
  }
  const sent = partial ? body.subarray(from) : body;
  const range = partial ? { 'Content-Range': `bytes ${from}-${body.length - 1}/${body.length}` } : {};
  response.writeHead(partial ? 206 : status, { 'Content-Length': sent.length, ...range });
  if (cutAt === undefined) response.end(sent);
  else response.write(sent.subarray(0, cutAt), () => response.socket?.destroy());
}

const isAddress = (value: unknown): value is AddressInfo =>
  typeof value === 'object' && value !== null && 'port' in value;

function portOf(server: Server): number {
  const address = server.address();
  return isAddress(address) ? address.port : 0;
}
