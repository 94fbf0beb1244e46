import { variant } from './variant.ts';

export const inventory = variant({
  wn01: (entry) => ({
    ...entry,
    vars: {
      ...entry.vars,
      checksums: { ...Object(entry.vars?.['checksums']), 'crictl-1.20.0': { amd64: '0'.repeat(64) } },
    },
  }),
});
