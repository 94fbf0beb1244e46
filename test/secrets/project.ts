import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../docs/pages.ts';
import { root } from '../house/imports.ts';

/** A repository of an operator's own whose one role, `vault`, does with secrets what roles do with them. */
export interface Project {
  readonly folder: string;
  /** where the role writes, on the host */
  readonly host: string;
  /** what runs its playbook */
  readonly command: readonly string[];
  /** writes a file for its owner alone */
  readonly write: (name: string, text: string) => void;
  readonly remove: () => void;
}

export interface Login {
  readonly ssh: {
    readonly port: number;
    readonly user: string;
    readonly knownHosts: string;
    readonly identity?: string;
    readonly password?: string;
  };
  readonly become?: { readonly password?: string };
}

/** The repository in a folder of its own, with one host. The caller writes its group_vars. */
export function project({ ssh, become = {} }: Login): Project {
  const folder = repository(new Map());
  cpSync(join(root, 'test/fixtures/vault'), folder, { recursive: true });
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text, { mode: 0o600 });
  for (const name of ['group_vars', 'host', 'tmp']) mkdirSync(join(folder, name));
  write('login.json', JSON.stringify({ ssh, become }));
  const tsx = join(root, 'node_modules/tsx/dist/loader.mjs');
  return {
    folder,
    host: join(folder, 'host'),
    command: [process.execPath, '--import', tsx, join(folder, 'playbooks/vault.ts')],
    write,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
