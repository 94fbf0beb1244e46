import type { ClusterVars } from './schema.ts';

interface Ranked {
  readonly name: string;
  readonly vars: Pick<ClusterVars, 'keepalived'>;
}

/** keepalived's priority of a control plane: its own, or 100, 99, 98 … by its place among the control planes. */
export function keepalivedPriority(host: Ranked, controlPlanes: readonly { readonly name: string }[]): number {
  const place = controlPlanes.findIndex(({ name }) => name === host.name);
  return host.vars.keepalived.priority ?? Math.max(1, 100 - Math.max(0, place));
}
