import { z } from 'zod';
import { baseUrl } from './fields.ts';

const registry = z.strictObject({
  mirrors: z.array(baseUrl).min(1).describe('tried in this order, then the registry itself'),
  server: baseUrl.optional().describe('the registry itself, where that is not https://NAME'),
  overridePath: z.boolean().default(false).describe('the mirror URL already holds the API path'),
  skipVerify: z.boolean().default(false).describe('accept any certificate of the mirrors'),
});

/** What runs containers, and the tools around it. */
export const runtime = {
  containerd: z
    .strictObject({
      registries: z
        .record(
          z.string().regex(/^(?:[a-z0-9][-a-z0-9.]*(?::\d+)?|_default)$/, 'is not a registry such as docker.io'),
          registry,
        )
        .default({})
        .describe('mirrors by registry: /etc/containerd/certs.d/NAME/hosts.toml'),
      restrictOomScoreAdj: z.boolean().default(false).describe('only for hosts that are containers themselves'),
      extra: z.string().default('').describe('TOML that is added at the end of config.toml'),
    })
    .prefault({}),
  nerdctl: z.strictObject({ enabled: z.boolean().default(true) }).prefault({}),
  buildkit: z
    .strictObject({ enabled: z.boolean().default(false).describe('only hosts that build images need it') })
    .prefault({}),
};
