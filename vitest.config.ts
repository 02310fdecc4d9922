import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Two cores is what a laptop or a CI runner surely has.
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/e2e/**'] } },
      {
        extends: true,
        test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], globalSetup: ['test/support/synthesize-dev.ts'] },
      },
    ],
  },
});
