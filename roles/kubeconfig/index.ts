import { defineRole } from '../../lib/index.ts';
import { controlPlanesOf } from '../kubeadm/index.ts';
import { userKubeconfig } from './user-kubeconfig.ts';
import { kubeconfigVars } from './vars.ts';

/** Afterwards each of the users has admin.conf as ~/.kube/config on this control plane. */
export const kubeconfig = defineRole({
  name: 'kubeconfig',
  vars: kubeconfigVars,
  refuse: ({ controlPlaneGroup }, host, inventory) =>
    controlPlanesOf(inventory, controlPlaneGroup).some(({ name }) => name === host.name)
      ? []
      : [`${host.name} is not in the group ${controlPlaneGroup}: only control planes have an admin.conf`],
  async run({ ensure }, { users }) {
    await ensure(...users.map((user) => userKubeconfig(user)));
  },
});

export { kubeconfigVars } from './vars.ts';
