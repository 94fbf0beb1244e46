import { readFileSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import { badInput } from '../../errors.ts';
import { readIni } from './ini.ts';
import type { Outline } from './outline.ts';
import { readYaml } from './yaml.ts';

const asYaml = 'let Ansible write it down: ansible-inventory --inventory IT --list --yaml --output hosts.yaml';

/** What the file says; YAML by its ending, else INI, as Ansible tells them apart. @throws BadInput */
export function readInventoryFile(path: string, shown: string): Outline {
  const text = textOf(path, shown);
  const ending = extname(path);
  if (ending === '.toml') throw badInput(`${shown}: inventories in TOML are not understood here`, { mend: asYaml });
  if (['.yaml', '.yml', '.json'].includes(ending)) return readYaml(text, shown, process.env);
  if (text.startsWith('#!')) throw badInput(`${shown} is a program, which is not run here`, { mend: asYaml });
  if (text.startsWith('$ANSIBLE_VAULT')) {
    throw badInput(`${shown} is encrypted by ansible-vault, which is not understood here`, {
      mend: 'decrypt it first',
    });
  }
  return readIni(text, shown);
}

function textOf(path: string, shown: string): string {
  try {
    if (statSync(path).isDirectory()) {
      throw badInput(`${shown} is a folder`, { mend: 'name the inventory file in it' });
    }
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'BadInput') throw cause;
    throw badInput(`${shown} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
