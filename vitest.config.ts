import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { sourcesByName } from './test/by-name.ts';

export default defineConfig({
  resolve: { alias: sourcesByName },
  test: {
    // What must compile, and what must not, is in test/types: `npm run types` says so.
    include: ['test/**/*.test.ts'],
    exclude: ['test/lab/**', 'test/bench/**', 'node_modules'],
    globalSetup: ['test/machine.ts', 'test/built.ts'],
    // Half of the files take less time than to start a worker: files share workers and what they have loaded.
    isolate: false,
    setupFiles: ['test/fresh.ts'],
    unstubEnvs: true,
    // A test that starts programs is slow where others work on the same processors.
    testTimeout: 60_000,
    // Much of the time is waiting for processes: one worker more than cores, not one fewer.
    maxWorkers: availableParallelism() + 1,
    coverage: {
      provider: 'v8',
      include: ['lib/**/*.ts'],
      reporter: ['text-summary'],
      thresholds: {
        statements: 90,
        branches: 90,
        functions: 90,
        lines: 90,
        'lib/resources/**': { 100: true },
        'lib/plan/**': { 100: true },
      },
    },
  },
});
