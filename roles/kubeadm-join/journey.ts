import type { Context } from '../../lib/index.ts';
import type { HostRole } from '../kubeadm/index.ts';
import type { ClusterSide } from './cluster-side.ts';
import type { KubeadmJoinVars } from './vars.ts';

/** What every step towards a joined host needs to know. */
export interface Journey {
  readonly context: Context;
  readonly vars: KubeadmJoinVars;
  readonly role: HostRole;
  readonly side: ClusterSide;
}
