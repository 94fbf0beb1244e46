import { defineRole } from '../../lib/index.ts';
import { controlPlanesOf } from '../kubeadm/index.ts';
import { startCluster } from './start-cluster.ts';
import { kubeadmInitVars } from './vars.ts';

/**
 * Afterwards the cluster exists: one control plane of the inventory runs it. Meant for every control plane, one at a time;
 * only the first that this run has not lost starts anything, and only when none has a cluster.
 */
export const kubeadmInit = defineRole({
  name: 'kubeadm-init',
  vars: kubeadmInitVars,
  refuse({ controlPlaneGroup, assumeNoCluster }, host, inventory) {
    const names = controlPlanesOf(inventory, controlPlaneGroup).map(({ name }) => name);
    return [
      ...(names.includes(host.name) ? [] : [`${host.name} is not in the group ${controlPlaneGroup}`]),
      ...assumeNoCluster
        .filter((name) => !names.includes(name))
        .map((name) => `assumeNoCluster: no control plane ${name}`),
    ];
  },
  run: startCluster,
});

export { kubeadmInitVars } from './vars.ts';
