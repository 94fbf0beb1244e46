import { z } from 'zod';
import { type Facts, refused } from '../../lib/index.ts';

/** Not a role: how the roles that install release files are told where these come from. */

const source = z.strictObject({
  urls: z
    .array(z.string().regex(/^https?:\/\//, 'is no http(s) URL'))
    .min(1)
    .describe('tried in order'),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'is no sha256')
    .describe('64 hex digits'),
});

/** One file for each CPU architecture that hosts may have. */
export const artifact = z.strictObject({ amd64: source.optional(), arm64: source.optional() });

export type Artifact = z.output<typeof artifact>;

/** @throws Refused when there is nothing for the host's architecture */
export function sourceFor(facts: Facts, name: string, { [facts.arch]: found }: Artifact): z.output<typeof source> {
  if (found !== undefined) return found;
  throw refused(`${name}: no file is known for ${facts.arch}`, {
    mend: `add the sha256 of the ${facts.arch} file to checksums in group_vars`,
  });
}
