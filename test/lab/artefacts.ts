import type { Artefact } from './artefact.ts';

/** The table of everything the lab makes; each line says from what. */

export const rootfs: Artefact = { name: 'rootfs', recipe: 'rootfs.sh', reads: ['rootfs-customize.sh'] };

export const signingKey: Artefact = { name: 'signing-key', recipe: 'signing-key.sh' };

export const kubernetes: Artefact = { name: 'kubernetes', recipe: 'kubernetes.sh' };

const parts: Artefact = { name: 'parts', recipe: 'parts.sh' };

const standins: Artefact = {
  name: 'standins',
  recipe: 'standins.sh',
  reads: ['main.go', 'tools.go', 'calico.go', 'nodes.go', 'pause.c', 'crictl.sh'].map((file) => `standins/${file}`),
};

const debianPackages: Artefact = {
  name: 'debian-packages',
  recipe: 'debian-packages.sh',
  reads: ['sign-release.sh'],
  inputs: { SIGNING: signingKey },
};

const kubernetesPackages: Artefact = {
  name: 'kubernetes-packages',
  recipe: 'kubernetes-packages.sh',
  reads: ['sign-release.sh', 'packages/kubelet.service', 'packages/10-kubeadm.conf', 'packages/kubelet.postinst'],
  inputs: { KUBERNETES: kubernetes, PARTS: parts, STANDINS: standins, SIGNING: signingKey },
};

const archives: Artefact = {
  name: 'archives',
  recipe: 'archives.sh',
  reads: ['../../fixtures/calico/calico-typha-v3.28.0.yaml'],
  inputs: { PARTS: parts, STANDINS: standins },
};

const imageBase: Artefact = { name: 'image-base', recipe: 'image-base.sh' };

export const images: Artefact = {
  name: 'images',
  recipe: 'images.sh',
  reads: ['registry-storage.ts'],
  inputs: { KUBERNETES: kubernetes, PARTS: parts, STANDINS: standins, BASE: imageBase },
};

export const mirrorRootfs: Artefact = {
  name: 'mirror-rootfs',
  recipe: 'mirror-rootfs.sh',
  reads: ['mirror/nginx.conf', 'mirror/registry.yml', 'mirror/chrony.conf', 'mirror/serve.sh'],
};

export const mirrorTree: Artefact = {
  name: 'mirror-tree',
  recipe: 'mirror-tree.sh',
  inputs: { DEBIAN: debianPackages, PACKAGES: kubernetesPackages, ARCHIVES: archives },
};

/** What a running lab needs; the rest are inputs of these. */
export const needed: readonly Artefact[] = [rootfs, signingKey, mirrorRootfs, mirrorTree, images];
