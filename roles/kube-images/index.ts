import { defineRole } from '../../lib/index.ts';
import { controlPlanesOf, initConfig } from '../kubeadm/index.ts';
import { kubeImagesHeld } from './images-resource.ts';
import { kubeImagesVars } from './vars.ts';

/**
 * Afterwards containerd holds the images that kubeadm wants for exactly this configuration: all of them on control planes,
 * those of every node on workers. So init and join need no network, and do not run into their time limits.
 */
export const kubeImages = defineRole({
  name: 'kube-images',
  vars: kubeImagesVars,
  async run({ ensure, host, inventory }, vars) {
    const controlPlanes = controlPlanesOf(inventory, vars.controlPlaneGroup);
    const config = initConfig({ settings: vars, machine: { name: host.name, address: host.address }, controlPlanes });
    await ensure(
      kubeImagesHeld({
        version: vars.version,
        config,
        extra: vars.extra,
        workerOnly: !controlPlanes.some(({ name }) => name === host.name),
      }),
    );
  },
});
