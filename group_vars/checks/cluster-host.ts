import type { HostView, Problem } from 'konverge';
import type { ClusterVars } from '../schema.ts';

export type ClusterHost = HostView<ClusterVars>;

/** What a check returns: [] = nothing wrong. It sees every host of the inventory and touches nothing. */
export type ClusterCheck = (hosts: readonly ClusterHost[]) => readonly Problem[];

export const controlPlanesOf = (hosts: readonly ClusterHost[]): readonly ClusterHost[] =>
  hosts.filter(({ groups }) => groups.includes('controlPlane'));
