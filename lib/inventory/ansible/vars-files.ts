import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../../secrets/index.ts';
import type { LocatedProblem } from '../located-problem.ts';
import { readVars } from '../yaml-tree.ts';
import { tell, type Vars } from './outline.ts';

export interface VarsFiles {
  /** vars of a group or host: `FOLDER/NAME`, `.yml`, `.yaml`, `.json`, or every such file in a folder of that name */
  readonly of: (name: string) => Vars;
}

export interface VarsFilesOptions {
  readonly env: Environment;
  readonly display: (path: string) => string;
  readonly problems: LocatedProblem[];
}

const endings = ['', '.yml', '.yaml', '.json'] as const;

/** `group_vars` or `host_vars` beside an Ansible inventory; a folder that is not there has no vars. */
export function varsFilesIn(folder: string, options: VarsFilesOptions): VarsFiles {
  return {
    of: (name) => {
      const vars: Vars = new Map();
      for (const file of endings.flatMap((ending) => filesAt(join(folder, `${name}${ending}`)))) {
        for (const [key, value] of readFile(file, options)) vars.set(key, value);
      }
      return vars;
    },
  };
}

function filesAt(path: string): readonly string[] {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  // Hidden files and editors' backups are not vars, nor are a README's words.
  const names = readdirSync(path).filter((name) => /^[^.].*[^~]$/.test(name) && /^[^.]+$|\.(ya?ml|json)$/.test(name));
  return names.toSorted().flatMap((name) => filesAt(join(path, name)));
}

function readFile(path: string, { env, display, problems }: VarsFilesOptions): Vars {
  const text = readFileSync(path, 'utf8');
  const file = display(path);
  if (text.startsWith('$ANSIBLE_VAULT')) {
    const mend =
      'ansible-vault decrypt it, or write what is needed of it as name: !env NAME; a file that is not needed: move it away';
    tell(problems, { file, line: 1 }, 'is encrypted by ansible-vault, which is not understood here', mend);
    return new Map();
  }
  const read = readVars(text, file, env, { dialect: 'ansible' });
  problems.push(...read.problems);
  return new Map(read.tree?.entries);
}
