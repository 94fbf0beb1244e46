import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Artifact } from '../../roles/artifact/index.ts';
import { tempFolder } from '../resources/harness.ts';
import { serve } from '../resources/server.ts';

export const shellProgram = (script: string): string => `#!/bin/sh\n${script}\n`;

/** A release archive of these files, as upstream would serve it: path in it → content. */
export async function release(files: Readonly<Record<string, string>>): Promise<Artifact> {
  const folder = await tempFolder();
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, 'src', path)), { recursive: true });
    writeFileSync(join(folder, 'src', path), content, { mode: 0o755 });
  }
  const tarball = join(folder, 'release.tar.gz');
  execFileSync('tar', ['-czf', tarball, '-C', join(folder, 'src'), '.']);
  return served(readFileSync(tarball));
}

/** These bytes under a URL of this machine, for amd64 only. */
export async function served(body: Buffer): Promise<Artifact> {
  const { url } = await serve({ '/file': { body } });
  return { amd64: { urls: [`${url}/file`], sha256: createHash('sha256').update(body).digest('hex') } };
}
