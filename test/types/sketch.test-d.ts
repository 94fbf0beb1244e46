import { test } from 'vitest';
import type { z } from 'zod';
import type { HostSet, InventoryDefinition } from '../../lib/inventory/types.ts';
import { play, playbook } from '../../lib/run/play.ts';
import type { Role } from '../../lib/run/role.ts';

declare const chrony: Role<z.ZodObject<{ servers: z.ZodArray<z.ZodString> }>>;
declare const set: HostSet<{ ntp: string[] }>;
type I = InventoryDefinition<'controlPlane' | 'workers', { ntp: string[] }>;

test('shapes', () => {
  play('x', set, [chrony.for((host) => ({ servers: host.vars.ntp })), chrony({ servers: [] })]);
  // @ts-expect-error unknown var
  play('x', set, [chrony.for((host) => ({ servers: host.vars.ntpp }))]);
  // @ts-expect-error wrong type
  chrony({ servers: 3 });
  playbook<I>('site', ({ group }) => [
    play('x', group('controlPlane', 'workers').rest, [chrony.for((host) => ({ servers: host.vars.ntp }))]),
    // @ts-expect-error unknown group
    play('x', group('workerz'), []),
  ]);
});
