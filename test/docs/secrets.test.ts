import { execFile } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { inventory } from '../../hosts.ts';
import { loadInventory } from '../../lib/inventory/load.ts';
import { isSecret, reveal } from '../../lib/secret.ts';
import { root } from '../house/imports.ts';
import { page, repository } from './pages.ts';

// The five minutes of the page, in a repository of a user's own.

const text = page('secrets.md');
const commands = (/^## In five minutes\n[^]*?```sh\n([^]*?)```/m.exec(text)?.[1] ?? '').trim().split('\n');
const playbook = /`(import \{ secretsMain \}.*)`\.$/m.exec(text)?.[1] ?? '';

let folder: string;
beforeAll(() => {
  folder = repository(new Map([['playbooks/secrets.ts', playbook]]));
  mkdirSync(join(folder, 'group_vars'));
  for (const name of ['all', 'control-plane', 'workers']) {
    cpSync(join(root, `group_vars/${name}.yaml`), join(folder, `group_vars/${name}.yaml`));
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

function run(command: string, input: string): Promise<string> {
  const [, args = ''] = /^npx tsx playbooks\/secrets\.ts (.*?)(?: >> .*)?$/.exec(command) ?? [];
  const words = [
    '--import',
    join(root, 'node_modules/tsx/dist/loader.mjs'),
    'playbooks/secrets.ts',
    ...args.split(' '),
  ];
  const env = { PATH: process.env['PATH'], HOME: folder };
  return new Promise((resolve, reject) => {
    const child = execFile(process.execPath, words, { cwd: folder, env }, (error, stdout) =>
      error === null ? resolve(stdout) : reject(error),
    );
    child.stdin?.end(input);
  });
}

it('what the page says works, and a run then has the secret', async () => {
  const [keygen = '', encrypt = ''] = commands;
  appendFileSync(join(folder, '.age-recipients'), await run(keygen, ''));
  expect(await run(encrypt, 's3same\n')).toContain('keepalived.authPass is encrypted');
  const loaded = await loadInventory(inventory, { file: join(folder, 'hosts.ts'), env: { HOME: folder } });
  const pass = loaded.hosts[0]?.vars.keepalived.authPass;
  expect(isSecret<string>(pass) && reveal(pass)).toBe('s3same');
}, 60_000);
