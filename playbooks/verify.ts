#!/usr/bin/env -S node --import tsx
import { main, play, playbook } from 'konverge';
import { verify } from 'konverge/roles/verify';
import { verifySettings } from '../group_vars/index.ts';
import type { inventory } from '../hosts.ts';

/** Is the cluster what it should be? Reads only. */
export const proof = playbook<typeof inventory, 'etcd'>(
  'verify',
  ({ group }) => [
    play('It is what it should be', group('controlPlane', 'workers'), [
      verify.for(({ vars }) => verifySettings(vars, group('etcd'))),
    ]),
  ],
  { optional: ['etcd'] },
);

await main(import.meta, proof);
