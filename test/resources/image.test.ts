import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { image, imageName } from '../../lib/resources/image.ts';
import { converge, type Surroundings, shells, tempFolder } from './harness.ts';

const digest = `sha256:${'a'.repeat(64)}`;

test.each([
  ['nginx', 'docker.io/library/nginx:latest'],
  ['nginx:1.25', 'docker.io/library/nginx:1.25'],
  ['calico/node:v3.28.0', 'docker.io/calico/node:v3.28.0'],
  ['localhost/x', 'localhost/x:latest'],
  ['registry.k8s.io/pause:3.9', 'registry.k8s.io/pause:3.9'],
  ['10.0.0.1:5000/kube/pause:3.9', '10.0.0.1:5000/kube/pause:3.9'],
  [`registry.k8s.io/pause@${digest}`, `registry.k8s.io/pause@${digest}`],
  [`registry.k8s.io/pause:3.9@${digest}`, `registry.k8s.io/pause@${digest}`],
])('%s is %s to containerd', (ref, name) => expect(imageName(ref)).toBe(name));

test.each([[''], ['a b'], ['a"b'], ['a/'], ['a//b'], ['a@sha256:12'], ['/a']])('%j names no image', (ref) => {
  expect(() => image(ref)).toThrow('not the name of an image');
});

/** A host whose `ctr` and `crictl` keep names in a file; `/run/containerd/containerd.sock` is there or not. */
async function host(tools: readonly string[], running: boolean): Promise<Surroundings & { log(): Promise<string> }> {
  const folder = await tempFolder();
  const bin = join(folder, 'bin');
  await mkdir(bin);
  await mkdir(join(folder, 'run/containerd'), { recursive: true });
  const tool = `#!/bin/sh
echo "\${0##*/} $*" >>${folder}/log
case " $* " in
*' ls '*) for last; do :; done; last=\${last#name==?}; grep -Fx "\${last%?}" ${folder}/images 2>/dev/null;;
*missing*) echo 'not found' >&2; exit 1;;
*' pull '*) for last; do :; done; echo "$last" >>${folder}/images;;
esac
`;
  for (const name of tools) await writeFile(join(bin, name), tool, { mode: 0o755 });
  const enter = join(folder, 'enter');
  await writeFile(enter, `#!/bin/sh\nmount --bind ${folder}/run /run && exec "$@"\n`, { mode: 0o755 });
  if (running) {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(folder, 'run/containerd/containerd.sock'), resolve));
    onTestFinished(() => void server.close());
  }
  const namespace = process.getuid?.() === 0 ? ['unshare', '-m'] : ['unshare', '-rm'];
  return { path: [bin], wrap: [...namespace, enter], log: () => readFile(join(folder, 'log'), 'utf8') };
}

describe('on a host', () => {
  test.each(shells)('crictl pulls, as the kubelet will, %s', async (shell) => {
    const here = await host(['ctr', 'crictl'], true);
    expect(await converge(shell, image('pause:3.9'), here)).toEqual([
      { path: 'image', to: 'docker.io/library/pause:3.9' },
    ]);
    expect(await here.log()).toMatch(
      /^crictl .*unix:\/\/\/run\/containerd\/containerd.sock pull docker.io\/library\/pause:3.9$/m,
    );
    expect(await converge(shell, image('pause:3.9'), here)).toEqual([]);
  });

  test('without crictl, or for another namespace, ctr does', async () => {
    const bare = await host(['ctr'], true);
    await converge('dash', image('pause:3.9'), bare);
    expect(await bare.log()).toMatch(/^ctr -n k8s.io images pull .*docker.io\/library\/pause:3.9$/m);
    const both = await host(['ctr', 'crictl'], true);
    await converge('dash', image('pause:3.9', { namespace: 'buildkit' }), both);
    expect(await both.log()).toMatch(/^ctr -n buildkit images pull/m);
  });

  test('says why it cannot', async () => {
    await expect(converge('dash', image('x'), await host(['ctr'], false))).rejects.toThrow('containerd does not run');
    await expect(converge('dash', image('x'), await host([], true))).rejects.toThrow('neither crictl nor ctr');
    await expect(converge('dash', image('missing'), await host(['ctr'], true))).rejects.toMatchObject({
      message: 'docker.io/library/missing:latest cannot be pulled',
      details: { said: 'not found' },
    });
  });
});
