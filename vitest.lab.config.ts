import { defineConfig } from 'vitest/config';
import { sourcesByName } from './test/by-name.ts';

// Ring e: real hosts. One file after the other, in the order of their names: each begins where the one before ended.
export default defineConfig({
  resolve: { alias: sourcesByName },
  test: {
    include: ['test/lab/ring/**/*.test.ts'],
    globalSetup: ['test/machine.ts', 'test/built.ts'],
    fileParallelism: false,
    sequence: { shuffle: false },
    testTimeout: 20 * 60_000,
    hookTimeout: 45 * 60_000,
    bail: 0,
  },
});
