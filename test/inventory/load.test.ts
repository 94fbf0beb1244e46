import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { KonvergeError } from '../../lib/errors.ts';
import { clusterOf } from '../../lib/inventory/cluster.ts';
import { defineInventory, groupVars } from '../../lib/inventory/define.ts';
import { loadInventory } from '../../lib/inventory/load.ts';
import { parseOverrides } from '../../lib/inventory/overrides.ts';
import { secretString } from '../../lib/inventory/secret-schema.ts';
import { isSecret, reveal } from '../../lib/secret.ts';
import { failureOf, folderWith, loadIn } from './base-vars.ts';

const schema = z.strictObject({
  level: z.string().default('none'),
  map: z.record(z.string(), z.number()).default({}),
  list: z.array(z.string()).default([]),
  pass: secretString().optional(),
});

const small = (
  files: Readonly<Record<string, string>>,
  check?: Parameters<typeof groupVars<z.output<typeof schema>>>[2],
) => {
  const definition = defineInventory({
    vars: groupVars('group_vars', schema, check),
    hosts: { a: { address: '10.0.0.1' }, b: { address: '10.0.0.2', vars: { level: 'host' } } },
    groups: { bigOnes: ['a', 'b'], small2: ['a'] },
  });
  return { folder: folderWith(files), definition };
};

describe('precedence', () => {
  const files = {
    'all.yaml': 'level: all\nmap: { x: 1, y: 1, z: 1 }\nlist: [a, b]\n',
    'big-ones.yml': 'level: big\nmap: { y: 2 }\n',
    'small2.yaml': 'level: small\nmap: { z: 3 }\nlist: [c]\n',
    'notes.txt': 'not read',
  };

  test('all, groups in order, the host, the command line; maps merge and lists replace', async () => {
    const { folder, definition } = small(files);
    const [a, b] = (await loadIn(folder, definition)).hosts;
    expect(a?.vars).toEqual({ level: 'small', map: { x: 1, y: 2, z: 3 }, list: ['c'] });
    expect(b?.vars).toEqual({ level: 'host', map: { x: 1, y: 2, z: 1 }, list: ['a', 'b'] });
    const overrides = await parseOverrides(['level=typed', 'map.z=9']);
    expect((await loadIn(folder, definition, { overrides })).hosts[1]?.vars).toMatchObject({
      level: 'typed',
      map: { z: 9 },
    });
  });

  test('every var knows where it comes from', async () => {
    const { folder, definition } = small({ ...files, '/hosts.ts': "hosts: {\n  a: {},\n  'b': {},\n}" });
    const shown = (await loadIn(folder, definition, { overrides: await parseOverrides(['map.x=5']) })).showVars('b');
    expect(shown?.map(({ path, value, origin }) => `${path} ${value} ${origin}`)).toEqual([
      'level "host" hosts.ts:3:3',
      'map.x 5 -e map.x',
      'map.y 2 group_vars/big-ones.yml:2:8',
      'map.z 1 group_vars/all.yaml:2:20',
      'list ["a","b"] group_vars/all.yaml:3:1',
    ]);
    expect((await loadIn(folder, definition)).showVars('nobody')).toBeUndefined();
  });

  test('defaults and secrets are shown as such', async () => {
    const { folder, definition } = small({ 'all.yaml': 'pass: open-sesame\n' });
    expect((await loadIn(folder, definition)).showVars('a')).toEqual([
      { path: 'level', value: '"none"', origin: 'default' },
      { path: 'map', value: '{}', origin: 'default' },
      { path: 'list', value: '[]', origin: 'default' },
      { path: 'pass', value: '"•••••"', origin: 'group_vars/all.yaml:1:1' },
    ]);
  });

  test.each([['pass=open-sesame'], ['{ pass: open-sesame }']])('a secret is not taken from -e %s', async (text) => {
    const { folder, definition } = small({});
    const message = await failureOf(loadIn(folder, definition, { overrides: await parseOverrides([text]) }));
    expect(message).toContain('pass: is a secret, and on the command line all users of this machine can read it');
    expect(message).toContain("-e 'pass=!env NAME'");
    expect(message).not.toContain('sesame');
  });

  test('a secret is taken from a file and from the environment that -e names', async () => {
    const { folder, definition } = small({ '/mine.yaml': 'pass: open-sesame\n' });
    for (const text of ['pass=!env PASS', '{ pass: !env PASS }', `@${folder}/mine.yaml`]) {
      const overrides = await parseOverrides([text], { PASS: 'open-sesame' });
      const pass = (await loadIn(folder, definition, { overrides })).hosts[0]?.vars.pass;
      expect(isSecret<string>(pass) && reveal(pass)).toBe('open-sesame');
    }
  });

  test('what comes from the environment is never shown, secret or not', async () => {
    const { folder, definition } = small({ 'all.yaml': 'level: !env L\npass: !env P\n' });
    const loaded = await loadIn(folder, definition, { env: { L: 'abc', P: 'very-secret' } });
    expect(loaded.showVars('a')?.[0]).toEqual({
      path: 'level',
      value: '"•••••"',
      origin: 'group_vars/all.yaml:1:1 (!env L)',
    });
    const pass = loaded.hosts[0]?.vars.pass;
    expect(isSecret<string>(pass) && reveal(pass)).toBe('very-secret');
  });
});

describe('problems', () => {
  test('all of them at once, in file order, each once, with the hosts that have it', async () => {
    const { folder, definition } = small({
      'all.yaml': 'level: 1\nmap: []\n',
      'small2.yaml': 'list: x\nleval: y\n',
      'stray.yaml': 'a: 1\n',
    });
    const error = await rejectionOf(loadIn(folder, definition));
    expect(error.code).toBe('BadInput');
    expect(error.details.touched).toBe(false);
    expect(error.message).toBe(`5 problems in the inventory, nothing was contacted:
  group_vars/all.yaml:1:1  level: is a number where text is wanted (a)
      mend: write it in quotes: '1'
  group_vars/all.yaml:2:1  map: is a list where a map is wanted
  group_vars/small2.yaml:1:1  list: is text where a list is wanted (a)
  group_vars/small2.yaml:2:1  leval: no such var (a)
      mend: did you mean 'level'?
  group_vars/stray.yaml  belongs to no group, so its vars would reach no host
      mend: files of this inventory's groups: all.yaml, big-ones.yaml, small2.yaml`);
  });

  test('many hosts are counted', async () => {
    const names = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'] as const;
    const definition = defineInventory({
      vars: groupVars('group_vars', schema),
      hosts: Object.fromEntries([...names, 'other'].map((name, i) => [name, { address: `10.0.0.${i}` }])),
      groups: { g: [...names] },
    });
    const message = await failureOf(loadIn(folderWith({ 'g.yaml': 'level: 1\n' }), definition));
    expect(message).toContain('(h1, h2, h3, h4 and 2 more)');
  });

  test('the cross-check runs when every host is right, and points at vars and hosts', async () => {
    const { folder, definition } = small({ 'all.yaml': 'level: all\n', '/hosts.ts': 'a: 1\nb: 2\n' }, () => [
      { path: [], message: 'whole' },
      { path: [], host: 'b', message: 'of b' },
      { path: ['level'], host: 'b', message: 'level of b', mend: 'less' },
      { path: ['level'], message: 'level of all' },
      { path: ['map', 'x'], message: 'written nowhere' },
      { path: [], message: 'only a note', severity: 'note' },
    ]);
    expect(await failureOf(loadIn(folder, definition))).toBe(`5 problems in the inventory, nothing was contacted:
  group_vars/all.yaml:1:1  level: level of all
  group_vars/all.yaml:1:1  map.x: written nowhere
  hosts.ts  whole
  hosts.ts:2:1  of b (b)
  hosts.ts:2:1  level: level of b (b)
      mend: less`);
    const { folder: broken } = small({ 'all.yaml': 'level: 1\n' });
    expect(await failureOf(loadIn(broken, definition))).toContain('1 problem in the inventory');
  });

  test('a folder that is not there', async () => {
    const { definition } = small({});
    const message = await failureOf(loadInventory(definition, { file: '/nowhere/at/all/hosts.ts' }));
    expect(message).toContain('/nowhere/at/all/group_vars  cannot be read: ENOENT');
  });

  test('two files for one group', async () => {
    const { folder, definition } = small({ 'all.yaml': '', 'all.yml': '' });
    expect(await failureOf(loadIn(folder, definition))).toContain(
      'all.yml  stands for the same group as group_vars/all.yaml',
    );
  });

  test('paths outside the working directory are whole', async () => {
    const { folder, definition } = small({ 'all.yaml': 'x: 1\n' });
    const message = await failureOf(loadInventory(definition, { file: join(folder, 'hosts.ts') }));
    expect(message).toContain(`${folder}/group_vars/all.yaml:1:1`);
  });
});

describe('hosts and groups', () => {
  // As a file that nobody has compiled may have them.
  const definition = {
    vars: groupVars('group_vars', schema),
    hosts: { Bad_Name: { address: '1' }, ok: { address: '1', ssh: { port: 0 } }, twin: { address: '2' } },
    groups: { all: ['ok'], ok: ['okk', 'twin', 'twin'], 'no group': ['nobody'] },
  };

  test('are checked by themselves', async () => {
    expect((await failureOf(loadIn(folderWith({}), definition))).split('\n').slice(1)).toEqual([
      "  hosts.ts  'Bad_Name' is no host name",
      '      mend: use lower case letters, digits and -',
      '  hosts.ts  ok has the address 1, and so has Bad_Name',
      '  hosts.ts  ok: ssh.port 0 is not within 1–65535',
      "  hosts.ts  'all' is every host and cannot be defined",
      "  hosts.ts  'ok' is a host and a group",
      '      mend: rename one of them',
      "  hosts.ts  group ok: no host is named 'okk'",
      "      mend: did you mean 'ok'?",
      '  hosts.ts  group ok names twin twice',
      "  hosts.ts  'no group' is no group name",
      '      mend: use letters and digits',
      "  hosts.ts  group no group: no host is named 'nobody'",
    ]);
  });

  test('there is one at least', async () => {
    const empty = { vars: definition.vars, hosts: {}, groups: {} };
    expect(await failureOf(loadIn(folderWith({}), empty))).toContain('there are no hosts');
  });

  test('ssh and become as given, else the defaults', async () => {
    const { folder, definition: two } = small({});
    const hosts = { ...two.hosts, b: { address: '10.0.0.2', ssh: { port: 22 }, become: { method: 'none' as const } } };
    const [a, b] = (await loadIn(folder, { ...two, hosts })).hosts;
    expect(a).toMatchObject({ ssh: {}, become: { method: 'auto' }, groups: ['bigOnes', 'small2'] });
    expect(b).toMatchObject({ ssh: { port: 22 }, become: { method: 'none' }, groups: ['bigOnes'] });
  });
});

describe('the cluster that a playbook sees', () => {
  const definition = defineInventory({
    vars: groupVars('group_vars', schema),
    hosts: { a: { address: '1' }, b: { address: '2' }, c: { address: '3' } },
    groups: { one: ['c', 'a'], two: ['b', 'a'], none: [] },
  });
  const cluster = async () => clusterOf(await loadIn(folderWith({}), definition));
  const names = (hosts: readonly { readonly name: string }[]) => hosts.map(({ name }) => name).join('');

  test('a union is in inventory order, each host once', async () => {
    expect(names((await cluster()).group('one').hosts)).toBe('ac');
    expect(names((await cluster()).group('two', 'one').hosts)).toBe('abc');
    expect(names((await cluster()).all.hosts)).toBe('abc');
  });

  test('first and rest', async () => {
    expect(names((await cluster()).all.first.hosts)).toBe('a');
    expect(names((await cluster()).all.rest.rest.hosts)).toBe('c');
    expect((await cluster()).group('none').first.rest.hosts).toEqual([]);
  });

  test('a group nobody has', async () => {
    const untyped = await loadIn<string, unknown>(folderWith({}), definition);
    const error = errorOf(() => clusterOf(untyped).group('onee'));
    expect([error.message, error.details.mend]).toEqual(["the inventory has no group 'onee'", "did you mean 'one'?"]);
    expect(clusterOf(untyped, ['onee']).group('onee').hosts).toEqual([]);
    expect(errorOf(() => clusterOf(untyped).group('zzzzzz')).details.mend).toBe('its groups are one, two, none');
  });
});

function rejectionOf(work: Promise<unknown>): Promise<KonvergeError> {
  return work.then(
    () => Promise.reject(new Error('nothing was thrown')),
    (error: unknown) => (error instanceof KonvergeError ? error : Promise.reject(error)),
  );
}

function errorOf(run: () => unknown): KonvergeError {
  try {
    run();
  } catch (error) {
    if (error instanceof KonvergeError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
