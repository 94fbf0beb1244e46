import type { HostEntry } from 'konverge';
import { groups } from '../layout.ts';
import { variant } from './variant.ts';

/** etcd runs by itself on the three control planes, as a service beside their API servers. */
const outside = (entry: HostEntry): HostEntry => ({
  ...entry,
  vars: { ...entry.vars, cluster: { etcd: 'external' } },
});

const inside = variant({ mn01: outside, mn02: outside, mn03: outside, wn01: outside, wn02: outside });

export const inventory = { ...inside, groups: { ...inside.groups, etcd: [...groups.controlPlane] } };
