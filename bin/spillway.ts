import { bundleHandlersAhead } from '../lib/compute/handler-bundles.ts';
import { SpillwayError } from '../lib/spillway-error.ts';

// As esbuild's own command line does for a single build: collecting garbage is a quarter of its time, for nothing.
process.env.GOGC ??= 'off';
// The handlers are bundled, in a process of esbuild's, in the time that loading the CDK takes anyway.
// The twin, which synthesizes on each save, has only what changed bundled again.
const bundling = bundleHandlersAhead({ reuse: process.env.SPILLWAY_REUSE_BUNDLES === 'true' });

try {
  const { App } = await import('aws-cdk-lib');
  // Inside of the `try`: a tier with a wrong number throws as soon as bin/stages.ts is loaded.
  const { assembleStage } = await import('./assemble-stage.ts');
  const app = new App();
  await bundling;
  assembleStage(app, app.node.tryGetContext('stage'));
  // CDK's own switch for its own validation. The twin turns it off: it is half of a synth, and nothing is deployed.
  if (process.env.CDK_VALIDATION !== 'false') (await import('./add-checks.ts')).addChecks(app);
  app.synth();
} catch (error) {
  // A mistake in the props is told in one sentence; where in CDK it surfaced is of no use to anybody.
  if (!(error instanceof SpillwayError)) throw error;
  process.stderr.write(`spillway: ${error.message}\n`);
  process.exit(1);
}
