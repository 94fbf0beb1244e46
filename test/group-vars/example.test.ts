import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { clusterVars } from '../../group_vars/schema.ts';
import { inventory } from '../../hosts.ts';
import { clusterOf } from '../../lib/inventory/cluster.ts';
import { jsonSchemaOf } from '../../lib/inventory/json-schema.ts';
import { loadInventory } from '../../lib/inventory/load.ts';

const root = resolve(import.meta.dirname, '../..');
const load = (env = {}) => loadInventory(inventory, { file: join(root, 'hosts.ts'), cwd: root, env });

test('hosts.ts and its group_vars are right, and need no environment', async () => {
  const loaded = await load();
  expect(loaded.notes).toEqual([]);
  expect(loaded.hosts.map(({ name }) => name)).toEqual(['k8s-mn01', 'k8s-mn02', 'k8s-mn03', 'k8s-wn01', 'k8s-wn02']);
  expect(clusterOf(loaded).group('controlPlane').first.hosts[0]?.vars.cluster.endpoint).toEqual({
    vip: '192.168.10.240',
    port: 8443,
  });
});

test('no password is in the files', async () => {
  for (const { vars } of (await load()).hosts) expect(vars.keepalived.authPass).toBeUndefined();
});

test('the VRRP password comes from the environment once its line is uncommented', () => {
  const text = readFileSync(join(root, 'group_vars/control-plane.yaml'), 'utf8');
  expect(text).toContain('\n  # authPass: !env KONVERGE_VRRP_PASS\n');
});

test('schema.json is up to date, else: node --import tsx group_vars/write-schema.ts', () => {
  const written: unknown = JSON.parse(readFileSync(join(root, 'group_vars/schema.json'), 'utf8'));
  expect(written).toEqual(JSON.parse(JSON.stringify(jsonSchemaOf(clusterVars))));
});

test('an editor that reads !age and !env as text finds nothing wrong with it', () => {
  const { properties } = JSON.parse(readFileSync(join(root, 'group_vars/schema.json'), 'utf8'));
  expect(properties.keepalived.properties.authPass).toEqual({ type: 'string', description: expect.any(String) });
});

test.each(['all', 'control-plane', 'workers'])('an editor finds the schema of %s.yaml', (name) => {
  const text = readFileSync(join(root, `group_vars/${name}.yaml`), 'utf8');
  expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=./schema.json');
});

test('every var is described or says enough by its name and type', () => {
  const schema = JSON.stringify(jsonSchemaOf(clusterVars));
  expect(schema).toContain('the virtual address of the API server');
  expect(schema).not.toContain('"required"');
});
