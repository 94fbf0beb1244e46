import { z } from 'zod';
import { artifact } from '../artifact/index.ts';

// Stands between double quotes in TOML as it is.
const plainUrl = z.string().regex(/^https?:\/\/[^\s"\\]+$/, 'is not an http or https URL');

const registry = z.strictObject({
  mirrors: z.array(plainUrl).min(1).describe('tried in this order, then the registry itself'),
  server: plainUrl.optional().describe('the registry itself, where that is not https://NAME'),
  overridePath: z.boolean().default(false).describe('the mirror URL already holds the API path'),
  skipVerify: z.boolean().default(false).describe('accept any certificate of the mirrors'),
});

export const containerdVars = z.strictObject({
  version: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/, "is not a version such as '1.6.33'")
    .describe('of the source; tells which layout config.toml must have'),
  source: artifact.describe('containerd-VERSION-linux-ARCH.tar.gz of a release'),
  sandboxImage: z
    .string()
    .regex(/^[a-z0-9][\w.:/@-]*:[\w.-]+$/, 'is not an image with a tag such as registry.k8s.io/pause:3.9')
    .describe('the pause image; must be the one that kubeadm of this cluster uses'),
  registries: z
    .record(
      z.string().regex(/^(?:[a-z0-9][-a-z0-9.]*(?::\d+)?|_default)$/, 'is not a registry such as docker.io'),
      registry,
    )
    .default({})
    .describe('mirrors by registry: /etc/containerd/certs.d/NAME/hosts.toml'),
  restrictOomScoreAdj: z.boolean().default(false).describe('only for hosts that are containers themselves'),
  openFiles: z
    .int()
    .min(1024)
    .default(1_048_576)
    .describe(
      'LimitNOFILE of containerd and of the containers it starts; not infinity, which makes old programs crawl',
    ),
  extra: z
    .string()
    .default('')
    .describe('TOML at the end of config.toml; begins with a [table], and none that is there already'),
});

export type ContainerdVars = z.output<typeof containerdVars>;
export type RegistryVars = z.output<typeof registry>;
