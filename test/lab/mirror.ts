import { copyFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from './artefact.ts';
import { images, mirrorRootfs, mirrorTree } from './artefacts.ts';
import { lockPath, mirror, mirrorContainer, network } from './layout.ts';
import { imageOf, podman, removeContainer, stateOf } from './podman.ts';

/** The mirror: one container with a web server and a registry, both reading from the cache. */
export async function upMirror(): Promise<void> {
  const image = await imageOf(mirrorRootfs);
  const tree = await build(mirrorTree);
  const registry = await build(images);
  copyFileSync(`${tree}/www/lab-lock.json`, lockPath);
  if (!(await isCurrent([image, tree, registry]))) {
    await removeContainer(mirrorContainer);
    const options = [
      ['--name', mirrorContainer, '--hostname', mirror.name, '--network', `${network.name}:ip=${network.mirror}`],
      ['--publish', `127.0.0.1:${mirror.publishedPort}:${mirror.port}`],
      ['--publish', `127.0.0.1:${mirror.publishedRegistryPort}:${mirror.registryPort}`],
      ['--volume', `${tree}/www:/srv/www:ro`, '--volume', `${registry}:/srv/registry:ro`, '--stop-timeout', '2'],
      ['--label', `${contentLabel}=${contentOf([image, tree, registry])}`],
    ].flat();
    await podman`podman run --detach ${options} ${image} sh /lab/serve.sh`;
  }
  await answers(`http://127.0.0.1:${mirror.publishedPort}/SHA256SUMS`);
  await answers(`http://127.0.0.1:${mirror.publishedRegistryPort}/v2/`);
}

const contentLabel = 'konverge-lab.content';
const contentOf = (parts: readonly string[]): string => parts.join(' ');

async function isCurrent(parts: readonly string[]): Promise<boolean> {
  if ((await stateOf(mirrorContainer)) !== 'running') return false;
  const format = `{{index .Config.Labels "${contentLabel}"}}`;
  const shown = await podman`podman inspect --type container --format ${format} ${mirrorContainer}`;
  return shown.stdout.trim() === contentOf(parts);
}

async function answers(url: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const status = await fetch(url).then(
      (response) => response.status,
      () => 0,
    );
    if (status === 200) return;
    if (Date.now() > deadline) throw new Error(`the mirror does not answer: ${url} (last status ${status})`);
    await sleep(200);
  }
}
