import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

/** For vitest: `konverge` and `konverge/roles/NAME` are the sources, which the tests import by their paths too. */
export const sourcesByName = [
  { find: /^konverge$/, replacement: `${root}/lib/index.ts` },
  { find: /^konverge\/roles\/([a-z-]+)$/, replacement: `${root}/roles/$1/index.ts` },
];
