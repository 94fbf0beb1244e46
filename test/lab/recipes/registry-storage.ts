import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/**
 * Lays images out as docker-registry's file system driver stores them, so that no registry has to run for it.
 * usage: registry-storage.ts LIST LAYERS OUT      a line of LIST: name|tag|user|entrypoint|layer layer …
 */

const [, , listPath = '', layersDir = '', out = ''] = process.argv;
const storage = join(out, 'docker', 'registry', 'v2');

interface Blob {
  readonly digest: string;
  readonly size: number;
}

interface Layer extends Blob {
  /** The digest of the tar inside, by which the image's configuration names the layer. */
  readonly diffId: string;
}

const digestOf = (data: Buffer): string => `sha256:${createHash('sha256').update(data).digest('hex')}`;

function put(path: string, content: Buffer | string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

function putBlob(data: Buffer): Blob {
  const digest = digestOf(data);
  const hex = digest.slice('sha256:'.length);
  put(join(storage, 'blobs', 'sha256', hex.slice(0, 2), hex, 'data'), data);
  return { digest, size: data.length };
}

const layers = new Map<string, Layer>();

function layerOf(name: string): Layer {
  const known = layers.get(name);
  if (known !== undefined) return known;
  const data = readFileSync(join(layersDir, `${name}.layer`));
  const layer = { ...putBlob(data), diffId: digestOf(gunzipSync(data)) };
  layers.set(name, layer);
  return layer;
}

function link(repository: string, path: string, digest: string): void {
  put(join(storage, 'repositories', repository, path, 'link'), digest);
}

const hexPath = (digest: string): string => digest.replace(':', '/');

function putImage(name: string, tag: string, user: string, entrypoint: string, parts: readonly Layer[]): void {
  const config = putBlob(
    Buffer.from(
      JSON.stringify({
        architecture: 'amd64',
        os: 'linux',
        created: '2023-11-14T22:13:20Z',
        config: {
          User: user,
          Entrypoint: [entrypoint],
          Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
          WorkingDir: '/',
        },
        rootfs: { type: 'layers', diff_ids: parts.map((part) => part.diffId) },
      }),
    ),
  );
  const type = 'application/vnd.docker';
  const manifest = putBlob(
    Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: `${type}.distribution.manifest.v2+json`,
        config: { mediaType: `${type}.container.image.v1+json`, ...config },
        layers: parts.map(({ digest, size }) => ({ mediaType: `${type}.image.rootfs.diff.tar.gzip`, size, digest })),
      }),
    ),
  );
  for (const { digest } of [config, ...parts]) link(name, `_layers/${hexPath(digest)}`, digest);
  link(name, `_manifests/revisions/${hexPath(manifest.digest)}`, manifest.digest);
  link(name, `_manifests/tags/${tag}/current`, manifest.digest);
  link(name, `_manifests/tags/${tag}/index/${hexPath(manifest.digest)}`, manifest.digest);
  console.log(`${name}:${tag} ${manifest.digest}`);
}

for (const line of readFileSync(listPath, 'utf8').trim().split('\n')) {
  const [name = '', tag = '', user = '', entrypoint = '', names = ''] = line.split('|');
  putImage(name, tag, user, entrypoint, names.split(' ').map(layerOf));
}
