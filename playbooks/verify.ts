import { verifySettings } from '../group_vars/index.ts';
import type { inventory } from '../hosts.ts';
import { main, play, playbook } from '../lib/index.ts';
import { verify } from '../roles/verify/index.ts';

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
