import { defineRole, packageRepo, service } from '../../lib/index.ts';
import { nodePackages } from './node-packages.ts';
import { kubePackagesVars } from './vars.ts';

/**
 * Afterwards kubeadm, kubelet and kubectl of exactly this version are installed and held. On every host: each one runs
 * kubeadm to join, whatever the article says.
 */
export const kubePackages = defineRole({
  name: 'kube-packages',
  vars: kubePackagesVars,
  async run({ ensure }, vars) {
    await ensure(
      packageRepo('kubernetes', { deb: vars.deb, rpm: vars.rpm }),
      nodePackages(vars),
      // Until kubeadm has written its configuration the kubelet restarts over and over; that is as it should be.
      service('kubelet.service', { enabled: true, running: 'any' }),
    );
  },
});
