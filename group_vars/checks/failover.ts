import type { Problem } from 'konverge';
import { keepalivedPriority } from '../priorities.ts';
import { type ClusterCheck, type ClusterHost, controlPlanesOf } from './cluster-host.ts';

/** Priorities differ, and a failing check moves the VIP from whoever has it to any other control plane. */
export const failover: ClusterCheck = (hosts) => {
  const planes = controlPlanesOf(hosts);
  const ranked = planes.map((host) => ({ host, priority: keepalivedPriority(host, planes) }));
  return [...equal(ranked), ...weights(ranked), ...oneGroup(planes)];
};

interface Ranked {
  readonly host: ClusterHost;
  readonly priority: number;
}

function equal(ranked: readonly Ranked[]): readonly Problem[] {
  return ranked.flatMap(({ host, priority }, index) => {
    const twin = ranked.slice(0, index).find((each) => each.priority === priority);
    if (twin === undefined) return [];
    const message = `${host.name} has the priority ${priority}, and so has ${twin.host.name}`;
    const mend = 'give each control plane its own, or none at all: 100, 99, 98 … is the default';
    return [{ path: ['keepalived', 'priority'], host: host.name, message, mend }];
  });
}

// keepalived.conf(5), vrrp_script weight: the priority changes by it while the check fails (or, above 0, succeeds).
function weights(ranked: readonly Ranked[]): readonly Problem[] {
  const priorities = ranked.map(({ priority }) => priority);
  const high = Math.max(...priorities);
  const low = Math.min(...priorities);
  if (ranked.length < 2) return [];
  return ranked.flatMap(({ host }) => {
    const { weight } = host.vars.keepalived;
    if (Math.abs(weight) > high - low) return [];
    const message = `${weight} is too weak to move the VIP: priorities go from ${low} to ${high}`;
    const mend = `its size must be above ${high - low}; -60 with priorities 100, 99, 98 is right`;
    return [{ path: ['keepalived', 'weight'], host: host.name, message, mend }];
  });
}

function oneGroup([first, ...others]: readonly ClusterHost[]): readonly Problem[] {
  const id = first?.vars.keepalived.virtualRouterId;
  return others
    .filter(({ vars }) => vars.keepalived.virtualRouterId !== id)
    .map(({ name, vars }) => ({
      path: ['keepalived', 'virtualRouterId'],
      host: name,
      message: `${vars.keepalived.virtualRouterId} differs from ${first?.name}'s ${id}: both would take the VIP`,
      mend: 'set it once, in all.yaml or control-plane.yaml',
    }));
}
