import { defineConfig } from 'vitest/config';

const endToEnd = { globalSetup: ['test/support/synthesize-dev.ts'] };

export default defineConfig({
  test: {
    // Two cores is what a laptop or a CI runner surely has.
    maxWorkers: 2,
    testTimeout: 20_000,
    // Bundles of all handlers are made in one, once per process.
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', 'test/slow/**', 'test/rabbitmq/**'],
          // Loading aws-cdk-lib takes a second; one process loads it once for all files that it runs.
          isolate: false,
          // Most of the time of a small synth; test/bin/assemble-stage.test.ts runs it over the whole of each stage.
          env: { CDK_VALIDATION: 'false' },
        },
      },
      {
        extends: true,
        test: { name: 'e2e', include: ['test/e2e/*.test.ts'], sequence: { groupOrder: 1 }, ...endToEnd },
      },
      {
        // Offers a load and counts what is admitted: other tests beside it would take the cores that it needs.
        extends: true,
        test: {
          name: 'load',
          include: ['test/e2e/load/*.test.ts'],
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
          ...endToEnd,
        },
      },
      {
        // `npm run test:slow`: what waits for time-outs and restarts on purpose, follows a guide, synthesizes the project anew, or simulates.
        extends: true,
        test: { name: 'slow', include: ['test/slow/*.test.ts'], sequence: { groupOrder: 3 }, ...endToEnd },
      },
      {
        // `npm run test:rabbitmq`: needs Debian's rabbitmq-server, and starts a broker of its own.
        extends: true,
        test: { name: 'rabbitmq', include: ['test/rabbitmq/*.test.ts'], sequence: { groupOrder: 4 } },
      },
    ],
  },
});
