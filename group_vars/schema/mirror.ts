import { z } from 'zod';
import { baseUrl, imagePrefix, sha256 } from './fields.ts';

const packageMirror = z
  .strictObject({
    rocky: baseUrl.optional().describe('instead of https://dl.rockylinux.org/pub/rocky'),
    debian: baseUrl.optional().describe("instead of Debian's own archive"),
    debianSecurity: baseUrl
      .optional()
      .describe('security updates; default: the address of debian with -security at its end'),
  })
  .describe("the distribution's own packages; what is absent is left as it is on the host");

/** Where everything comes from, for a site of your own (air-gapped or not). Each keeps the layout of what it replaces. */
export const customMirror = z.strictObject({
  kubernetesPackages: baseUrl.describe('holds v1.29/deb/ and v1.29/rpm/, as https://pkgs.k8s.io/core:/stable: does'),
  imageRepository: imagePrefix.describe('instead of registry.k8s.io'),
  calicoImages: imagePrefix.describe('holds cni, node, kube-controllers, typha, as docker.io/calico does'),
  releases: z
    .union([baseUrl, z.array(baseUrl).min(1)])
    .describe('holds OWNER/REPO/releases/download/…, as https://github.com does; several are tried in order'),
  calicoManifests: baseUrl.describe(
    'holds v3.28.0/manifests/, as https://raw.githubusercontent.com/projectcalico/calico does',
  ),
  packageMirror: packageMirror.optional(),
});

export const mirror = z
  .union([z.enum(['upstream', 'aliyun']), customMirror])
  .default('upstream')
  .describe('upstream, aliyun, or a map of addresses of your own');

export const checksums = z
  .record(
    z.string().regex(/^[a-z-]+-\d+\.\d+\.\d+$/, 'is not a key such as containerd-1.6.33'),
    z.union([sha256, z.strictObject({ amd64: sha256.optional(), arm64: sha256.optional() })]),
  )
  .default({})
  .describe('sha256 of versions this release does not know: one a CPU architecture, or one alone for a manifest');
