import { basename, dirname } from 'node:path';

/** What each room may import besides itself. Arrows only point down. */
const below: Readonly<Record<string, readonly string[]>> = {
  'hosts.ts': ['lib', 'group_vars'],
  playbooks: ['hosts.ts', 'group_vars', 'roles', 'lib'],
  roles: ['lib'],
  group_vars: ['lib'],
  lib: ['adhoc', 'run', 'inventory', 'secrets', 'plan', 'connection', 'report', 'resources', 'core'].map(
    (room) => `lib/${room}`,
  ),
  'lib/adhoc': ['lib/run', 'lib/inventory', 'lib/connection', 'lib/report', 'lib/resources', 'lib/core'],
  'lib/run': ['lib/inventory', 'lib/secrets', 'lib/plan', 'lib/connection', 'lib/report', 'lib/resources', 'lib/core'],
  'lib/report': ['lib/plan', 'lib/resources', 'lib/core'],
  'lib/connection': ['lib/inventory', 'lib/resources', 'lib/core'],
  'lib/plan': ['lib/resources', 'lib/core'],
  'lib/inventory': ['lib/secrets', 'lib/core'],
  'lib/secrets': ['lib/core'],
  'lib/resources': ['lib/core'],
  'lib/core': [],
};

/** Each of these packages has one importer, so that it can be replaced in one place. */
const owners: Readonly<Record<string, string>> = {
  'node-ssh': 'lib/connection',
  ssh2: 'lib/connection',
  zx: 'lib/connection',
  'zx/core': 'lib/connection',
  listr2: 'lib/report',
  ejs: 'lib/run',
  'age-encryption': 'lib/secrets',
};

const pure = ['lib/resources', 'lib/plan'];
const worldly = /^node:(fs|child_process|http|https|net|dns|tls|dgram|readline|worker_threads|cluster)(\/|$)/;
// Tells an address from a name; contacts nobody.
const harmless = /^node:net$/;

/** Why `file` must not import `target` (a path from the top, or a package); undefined = it may. */
export function offence(file: string, target: string): string | undefined {
  const from = roomOf(file);
  if (target.startsWith('node:') || !/\.(ts|json)$/.test(target)) return packageOffence(from, target);
  const to = roomOf(target);
  if (from === to) return from === 'roles' ? roleOffence(file, target) : undefined;
  if (!(below[from] ?? []).includes(to)) return `${from} never imports ${to}`;
  const throughDoor = !to.startsWith('lib') || from.startsWith('lib') || target === 'lib/index.ts';
  return throughDoor ? undefined : `outside lib, only lib/index.ts is public`;
}

function packageOffence(from: string, target: string): string | undefined {
  const owner = owners[target];
  if (owner !== undefined && owner !== from) return `only ${owner} imports ${target}`;
  if (pure.includes(from) && worldly.test(target) && !harmless.test(target)) return `${from} is pure`;
  return undefined;
}

/** A role may build on another one, but only on what that one shows: its index.ts. */
function roleOffence(file: string, target: string): string | undefined {
  const own = file.split('/')[1];
  const other = target.split('/')[1];
  return own === other || target === `roles/${other}/index.ts` ? undefined : `a role's door is its index.ts`;
}

function roomOf(file: string): string {
  const [top = '', room = ''] = file.split('/');
  if (top !== 'lib') return top;
  if (file === 'lib/index.ts') return 'lib';
  return dirname(file) === 'lib' ? 'lib/core' : `lib/${room}`;
}

/** Names that say nothing of what is inside. */
export const isVague = (path: string): boolean =>
  path.split('/').some((part) => /^(utils?|common|helpers?|misc|shared)$/.test(basename(part, '.ts')));
