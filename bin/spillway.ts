import { App } from 'aws-cdk-lib';
import { SpillwayError } from '../lib/spillway-error.ts';
import { assembleStage } from './assemble-stage.ts';

try {
  const app = new App();
  assembleStage(app, app.node.tryGetContext('stage'));
  app.synth();
} catch (error) {
  // A mistake in the props is told in one sentence; where in CDK it surfaced is of no use to anybody.
  if (!(error instanceof SpillwayError)) throw error;
  process.stderr.write(`spillway: ${error.message}\n`);
  process.exit(1);
}
