import { defineConfig } from 'vitest/config';
import { sourcesByName } from './test/by-name.ts';

// Measurements, one at a time: what runs beside them is measured too.
export default defineConfig({
  resolve: { alias: sourcesByName },
  test: {
    include: ['test/bench/**/*.test.ts'],
    globalSetup: ['test/machine.ts', 'test/built.ts'],
    fileParallelism: false,
  },
});
