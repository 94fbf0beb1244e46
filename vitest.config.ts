import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/lab/**', 'test/bench/**', 'node_modules'],
    globalSetup: ['test/machine.ts'],
    testTimeout: 20_000,
    coverage: {
      provider: 'v8',
      include: ['lib/**/*.ts'],
      reporter: ['text-summary', 'html'],
    },
    typecheck: { enabled: true, include: ['test/types/**/*.test-d.ts'] },
  },
});
