import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { root } from './imports.ts';

const names = z.record(z.string(), z.string());
const manifest = z
  .object({ dependencies: names, devDependencies: names })
  .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));

it('brings the types of what it imports: who installs it compiles our sources', () => {
  const types = Object.keys(manifest.devDependencies).filter((name) => name.startsWith('@types/'));
  // Node's own are the user's choice, as Node is.
  expect(types).toEqual(['@types/node']);
});
