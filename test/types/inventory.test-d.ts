import { expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { checkCluster } from '../../group_vars/checks/index.ts';
import { clusterVars } from '../../group_vars/schema.ts';
import type { inventory } from '../../hosts.ts';
import { clusterOf } from '../../lib/inventory/cluster.ts';
import { defineInventory, groupVars } from '../../lib/inventory/define.ts';
import type { LoadedInventory } from '../../lib/inventory/load.ts';
import { secretString } from '../../lib/inventory/secret-schema.ts';
import { type GroupsOf, playbook, type VarsOf } from '../../lib/run/play.ts';
import type { Secret } from '../../lib/secret.ts';

const vars = groupVars('group_vars', z.strictObject({ level: z.string(), pass: secretString().optional() }));

test('groups and vars are those of the definition', () => {
  const defined = defineInventory({
    vars,
    hosts: { a: { address: '1', vars: { level: 'x', pass: 'p' } }, b: { address: '2', ssh: { port: 2222 } } },
    groups: { one: ['a', 'b'], two: [] },
  });
  expectTypeOf<GroupsOf<typeof defined>>().toEqualTypeOf<'one' | 'two'>();
  expectTypeOf<VarsOf<typeof defined>>().toEqualTypeOf<{ level: string; pass?: Secret<string> | undefined }>();
});

test('a group with a host that is not there does not compile', () => {
  defineInventory({
    vars,
    hosts: { a: { address: '1' } },
    // @ts-expect-error no host is named 'aa'
    groups: { one: ['aa'] },
  });
});

test('wrong fields of a host do not compile', () => {
  defineInventory({
    vars,
    hosts: {
      // @ts-expect-error misspelt
      a: { adress: '1' },
      // @ts-expect-error a port is a number
      b: { address: '1', ssh: { port: '22' } },
      // @ts-expect-error a var of the wrong type
      c: { address: '1', vars: { level: 3 } },
      // @ts-expect-error unknown field
      d: { address: '1', shh: {} },
    },
    groups: {},
  });
});

test('a check that wants other vars does not compile', () => {
  groupVars('group_vars', clusterVars, checkCluster);
  // @ts-expect-error these are not the vars of a cluster
  groupVars('group_vars', z.strictObject({ level: z.string() }), checkCluster);
});

test('the cluster knows its groups', () => {
  const use = (loaded: LoadedInventory<'one', { level: string }>) => {
    clusterOf(loaded).group('one').first.hosts[0]?.vars.level.toUpperCase();
    // @ts-expect-error no such group
    clusterOf(loaded).group('onee');
    // @ts-expect-error at least one
    clusterOf(loaded).group();
  };
  expectTypeOf(use).toBeFunction();
});

test('the example: its groups and vars by name', () => {
  expectTypeOf<GroupsOf<typeof inventory>>().toEqualTypeOf<'controlPlane' | 'workers'>();
  playbook<typeof inventory>('x', ({ group, all }) => {
    expectTypeOf(group('controlPlane').hosts[0]?.vars.haproxy.maxConnections).toEqualTypeOf<number | undefined>();
    // @ts-expect-error no such var
    expectTypeOf(all.hosts[0]?.vars.haproxi).toBeAny();
    // @ts-expect-error no such group
    group('workerz');
    return [];
  });
});

test('groups that an inventory need not have: named by the playbook, and no others', () => {
  playbook<typeof inventory, 'etcd'>(
    'x',
    ({ group }) => {
      expectTypeOf(group('etcd', 'workers').hosts[0]?.vars.etcd.quota).toEqualTypeOf<number | undefined>();
      // @ts-expect-error no such group
      group('etdc');
      return [];
    },
    { optional: ['etcd'] },
  );
  playbook<typeof inventory>('x', ({ group }) => {
    // @ts-expect-error not in this inventory, and the playbook does not name it
    group('etcd');
    return [];
  });
  // @ts-expect-error not the one that was named
  playbook<typeof inventory, 'etcd'>('x', () => [], { optional: ['etdc'] });
});
