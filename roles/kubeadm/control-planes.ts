import { type Context, type HostView, KonvergeError, type Reach } from '../../lib/index.ts';
import { type HostRole, type HostWitness, hostWitness } from './host-witness.ts';
import type { ApiServer } from './kubectl.ts';
import { type ClusterSettings, memberDataOf } from './settings.ts';

/** The settings that say where control planes are and how they are asked. */
export type Whereabouts = Pick<ClusterSettings, 'controlPlaneGroup' | 'apiPort'> & {
  readonly etcd?: ClusterSettings['etcd'];
};

export function controlPlanesOf(inventory: readonly HostView[], group: string): readonly HostView[] {
  return inventory.filter((host) => host.groups.includes(group));
}

export function apiOf(host: Pick<HostView, 'address'>, { apiPort }: Pick<Whereabouts, 'apiPort'>): ApiServer {
  return { address: host.address, port: apiPort };
}

export function witnessOf(reach: Reach, vars: Whereabouts): Promise<HostWitness> {
  const { etcd } = vars;
  return reach.read(hostWitness(reach.host.name, apiOf(reach.host, vars), etcd && memberDataOf({ etcd })));
}

/** What says nothing of the host that was asked. */
const loud = new Set(['Interrupted', 'BadInput', 'Unexpected']);

/** The answer of another host, or undefined when it cannot be had: unreachable, no login, locked by another run. */
export async function ifReachable<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof KonvergeError && !loud.has(error.code)) return undefined;
    throw error;
  }
}

/** A finished control plane whose own API server is ready. */
export const isHealthy = (witness: HostWitness): boolean =>
  witness.api === 'ready' && witness.configured && !witness.initUnfinished;

/**
 * The first healthy control plane in inventory order, `avoid` only as the last resort; undefined = none.
 * No control plane is special: whichever answers is asked.
 */
export async function healthyControlPlane(
  context: Context,
  vars: Whereabouts,
  avoid?: string,
): Promise<Reach | undefined> {
  const all = controlPlanesOf(context.inventory, vars.controlPlaneGroup);
  const ordered = [...all.filter(({ name }) => name !== avoid), ...all.filter(({ name }) => name === avoid)];
  for (const { name } of ordered) {
    const reach = await reachOf(context, name);
    if (reach === undefined) continue;
    const witness = await ifReachable(() => witnessOf(reach, vars));
    if (witness !== undefined && isHealthy(witness)) return reach;
  }
  return undefined;
}

/** The host itself, or another one; undefined when it cannot be reached. */
export function reachOf(context: Context, name: string): Promise<Reach | undefined> {
  return name === context.host.name ? Promise.resolve(context) : ifReachable(() => context.on(name));
}

/** Where a cluster would be started: the first control plane that this run has not lost. */
export function initCandidate(context: Context, { controlPlaneGroup }: Whereabouts): string | undefined {
  return controlPlanesOf(context.inventory, controlPlaneGroup).find(({ name }) => !context.lost.has(name))?.name;
}

export function roleOf(host: HostView, { controlPlaneGroup }: Whereabouts): HostRole {
  return host.groups.includes(controlPlaneGroup) ? 'control-plane' : 'worker';
}

/** How a control plane is asked, in the terms of scripts. */
export function viaOf(reach: Reach, vars: Whereabouts): { readonly name: string } & ApiServer {
  return { name: reach.host.name, ...apiOf(reach.host, vars) };
}
