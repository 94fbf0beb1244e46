import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Script } from '../../../lib/index.ts';
import { tempFolder } from '../../resources/harness.ts';

/** A folder with programs of these names and bodies, to be put before the system's in PATH. */
export async function standIns(programs: Readonly<Record<string, string>>): Promise<string> {
  const folder = await tempFolder();
  for (const [name, body] of Object.entries(programs)) {
    await writeFile(join(folder, name), `#!/bin/sh\n${body}\n`);
    await chmod(join(folder, name), 0o755);
  }
  return folder;
}

/** The same script with /etc/kubernetes, /var/lib and /run below another root. */
export function below(root: string, script: Script): Script {
  return { ...script, text: script.text.replaceAll(/(?<![\w.])\/(etc\/kubernetes|var\/lib|run)\b/g, `${root}/$1`) };
}

/** Files with these contents below a new root, which also has an empty /run. */
export async function tree(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await tempFolder();
  await mkdir(join(root, 'run'));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), content);
  }
  return root;
}
