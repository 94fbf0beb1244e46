import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { z } from 'zod';
import type { Role } from '../../lib/index.ts';
import { converge, shells } from '../resources/harness.ts';
import { sandbox } from '../resources/sandbox.ts';
import { applied, machine } from '../roles/applied.ts';
import { planOf, textOf } from '../roles/plan.ts';
import { consoleOf, filesOf, page, repository, runIn, typeProblems } from './pages.ts';

// Each script mounts its machine anew: seconds, and more where others work on the same processors.
vi.setConfig({ testTimeout: 60_000 });

// The pages writing-a-role and writing-a-resource, as one repository of a user's own.

const aRole = page('writing-a-role.md');
const aResource = page('writing-a-resource.md');

/** What the page on roles says does not compile. */
const wrong = `
import { play, playbook } from 'konverge';
import type { inventory } from './hosts.ts';
import { journald } from './roles/journald/index.ts';

export const logs = playbook<typeof inventory>('logs', ({ group }) => [
  play('x', group('dbs'), []),
  play('x', group('db'), [journald({ maxUse: '1G', day: 7 })]),
  play('x', group('db'), [journald.for((host) => ({ maxUse: host.vars.journal.days }))]),
]);
`;

let folder: string;

beforeAll(() => {
  folder = repository(new Map([...filesOf(aRole), ...filesOf(aResource), ['wrong.ts', wrong]]));
});
afterAll(() => rmSync(folder, { recursive: true }));

type AnyVars = Role<z.ZodType>;
const isRole = (value: unknown): value is AnyVars => typeof value === 'function' && 'schema' in value;

async function roleOf(name: string): Promise<AnyVars> {
  const path = join(folder, 'roles', name, 'index.ts');
  const module: Readonly<Record<string, unknown>> = await import(pathToFileURL(path).href);
  const role = module[name];
  if (isRole(role)) return role;
  throw new Error(`${path} exports no role`);
}

it('the pages show the files they speak of', () => {
  expect([...filesOf(aRole).keys()]).toEqual([
    'tsconfig.json',
    'roles/journald/index.ts',
    'roles/journald/templates/limits.conf.ejs',
    'hosts.ts',
    'group_vars/all.yaml',
    'playbooks/logs.ts',
  ]);
  expect([...filesOf(aResource).keys()]).toEqual(['resources/group.ts', 'roles/operators/index.ts']);
});

it('all of it compiles, and what is said not to compile does not', async () => {
  const problems = (await typeProblems(folder)).split('\n').filter((line) => /^\S.*error TS/.test(line));
  expect(problems).toEqual([
    expect.stringMatching(/^wrong\.ts\(7,.*'"dbs"'/),
    expect.stringMatching(/^wrong\.ts\(8,.*'day' does not exist/),
    expect.stringMatching(/^wrong\.ts\(9,.*'number' is not assignable to type 'string'/),
  ]);
}, 120_000);

const typed = (command: string): readonly string[] => {
  const [npx, tsx, ...rest] = command.split(' ');
  expect([npx, tsx]).toEqual(['npx', 'tsx']);
  return ['--import', 'tsx', ...rest];
};

describe('the playbook', () => {
  it('prints what the page says', async () => {
    const [shown] = consoleOf(aRole);
    expect(shown?.command).toContain('--list-tasks');
    const { code, stdout, stderr } = await runIn(folder, 'node', typed(shown?.command ?? ''));
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: shown?.prints, stderr: '' });
  }, 60_000);

  it('stops at vars that the role refuses, before anything is contacted', async () => {
    const args = ['--import', 'tsx', 'playbooks/logs.ts', '-e', 'journal.maxUse=0M'];
    const ended = await runIn(folder, 'node', args);
    expect(ended).toMatchObject({ code: 3, stderr: expect.stringContaining('a limit of 0 for none at all') });
  }, 60_000);
});

describe('the role journald', () => {
  it('does on a machine what it says', async () => {
    const journald = await roleOf('journald');
    const host = await machine();
    const limits = '/etc/systemd/journald.conf.d/50-limits.conf';
    for (const family of ['debian', 'rhel'] as const) {
      const text = textOf(await planOf(journald({ maxUse: '500M' }), family), limits);
      expect(text).toContain('SystemMaxUse=500M\nMaxRetentionSec=30day\n');
    }
    const run = async (vars: object) => applied(host, await planOf(journald(vars)));
    const both = [`file ${limits}`, 'service systemd-journald.service'];
    expect(await run({ maxUse: '500M' })).toEqual(both);
    expect(await run({ maxUse: '500M' })).toEqual([]);
    expect(await run({ maxUse: '500M', days: 7 })).toEqual(both);
  });

  it('leaves a container alone', async () => {
    const journald = await roleOf('journald');
    expect(await planOf(journald({ maxUse: '1G' }), 'debian', { container: 'podman' })).toEqual([]);
  });
});

describe.each(shells)('the resource group, in %s', (shell) => {
  it('makes the group, mends it, and is quiet', async () => {
    const operators = await roleOf('operators');
    const host = await sandbox();
    const run = async (vars: object) => {
      const [group] = await planOf(operators(vars));
      return group === undefined ? [] : converge(shell, group, host.surroundings);
    };
    expect(await run({})).toEqual([{ path: 'gid', from: undefined, to: '2000' }]);
    expect(await host.get('/etc/group')).toMatch(/^operators:x:2000:$/m);
    expect(await run({})).toEqual([]);
    expect(await run({ gid: 2001 })).toEqual([{ path: 'gid', from: '2000', to: '2001' }]);
    expect(await host.get('/etc/group')).toMatch(/^operators:x:2001:$/m);
    expect(await run({ gid: 2001 })).toEqual([]);
  });
});

it('the resource refuses an odd name', async () => {
  const path = pathToFileURL(join(folder, 'resources/group.ts')).href;
  const { group }: Readonly<Record<string, unknown>> = await import(path);
  const make = (): unknown => (typeof group === 'function' ? group('a b', { gid: 2000 }) : undefined);
  expect(make).toThrow("not the name of a group: 'a b'");
});
