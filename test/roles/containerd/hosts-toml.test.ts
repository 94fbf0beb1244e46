import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { containerd } from '../../../roles/containerd/index.ts';
import { tempFolder } from '../../resources/harness.ts';
import { planOf, sources, textOf } from '../plan.ts';
import { toml } from '../toml.ts';
import { daemon, realContainerd } from './real-containerd.ts';

beforeAll(() => void realContainerd(), 120_000);

async function hostsToml(name: string, registry: object): Promise<string> {
  const registries = { [name]: { mirrors: ['https://mirror.example'], ...registry } };
  const vars = { version: '1.6.33', source: sources, sandboxImage: 'pause.example/pause:3.9' };
  return textOf(await planOf(containerd({ ...vars, registries })), `/etc/containerd/certs.d/${name}/hosts.toml`);
}

it.each([
  ['docker.io', {}, { server: 'https://registry-1.docker.io' }],
  ['quay.io', {}, { server: 'https://quay.io' }],
  ['registry.example:5000', { server: 'http://10.0.0.5:5000' }, { server: 'http://10.0.0.5:5000' }],
  ['_default', { server: 'https://all.example' }, { server: 'https://all.example' }],
])('%s %j', async (name, registry, expected) => {
  const host = { 'https://mirror.example': { capabilities: ['pull', 'resolve'] } };
  expect(toml(await hostsToml(name, registry))).toEqual({ ...expected, host });
});

it('mirrors keep their order; what is said of them is said of each', async () => {
  const text = await hostsToml('quay.io', {
    mirrors: ['https://b.example', 'https://a.example'],
    overridePath: true,
    skipVerify: true,
  });
  const each = { capabilities: ['pull', 'resolve'], override_path: true, skip_verify: true };
  expect(toml(text)).toMatchObject({ host: { 'https://a.example': each, 'https://b.example': each } });
  expect(text.indexOf('b.example')).toBeLessThan(text.indexOf('a.example'));
});

/** A registry that has nothing and writes down what it was asked, under its name. */
async function emptyRegistry(name: string, asked: string[]): Promise<string> {
  const server = createServer((request, response) => {
    asked.push(`${name} ${request.url}`);
    response.writeHead(404).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
}

it.each([
  [false, '/v2/library/busybox/manifests/1?ns=docker.io'],
  [true, '/library/busybox/manifests/1?ns=docker.io'],
])(
  'a real containerd asks the mirrors in order, then the registry itself (overridePath %s)',
  async (overridePath, path) => {
    const asked: string[] = [];
    const [first, second, server] = await Promise.all(
      ['first', 'second', 'server'].map((name) => emptyRegistry(name, asked)),
    );
    const folder = join(await tempFolder(), 'certs.d');
    mkdirSync(join(folder, 'docker.io'), { recursive: true });
    const text = await hostsToml('docker.io', { mirrors: [first, second], server, overridePath });
    writeFileSync(join(folder, 'docker.io/hosts.toml'), text);
    const ctr = await daemon('version = 2\n');
    await ctr('content', 'fetch', '--hosts-dir', folder, 'docker.io/library/busybox:1');
    const inOrder = [...new Set(asked)].filter((each) => each.includes('/manifests/'));
    expect(inOrder).toEqual([`first ${path}`, `second ${path}`, 'server /v2/library/busybox/manifests/1?ns=docker.io']);
  },
);
