import { z } from 'zod';

const url = z.string().regex(/^https?:\/\/\S+[^/]$/, 'an http(s) URL without a slash at its end');

export const packageReposVars = z.strictObject({
  rocky: url.optional().describe('instead of https://dl.rockylinux.org/pub/rocky; absent = as the host has it'),
  debian: url.optional().describe("instead of Debian's own; absent = as the host has it"),
  debianSecurity: url
    .optional()
    .describe(
      'where security updates come from when `debian` is given; default: that address with -security at its end',
    ),
  extra: z.array(z.string()).default([]).describe('more packages for every host'),
});

export type PackageReposVars = z.output<typeof packageReposVars>;
