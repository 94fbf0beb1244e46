import type { HostSet } from 'konverge';
import { keepalivedPriority } from './priorities.ts';
import type { ClusterVars } from './schema.ts';

/** The API servers behind haproxy: every control plane. */
export const apiServers = ({ hosts }: HostSet<ClusterVars>): { name: string; address: string }[] =>
  hosts.map(({ name, address }) => ({ name, address }));

/** Who may hold the VIP, and in which order. */
export const vipHolders = ({ hosts }: HostSet<ClusterVars>): { name: string; address: string; priority: number }[] =>
  hosts.map((host) => ({ name: host.name, address: host.address, priority: keepalivedPriority(host, hosts) }));
