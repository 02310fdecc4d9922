import type { App } from 'aws-cdk-lib';
import { stackName } from '../lambdas/contract/stack-name.ts';
import { DataStack } from '../lib/stacks/data-stack.ts';
import { ServiceStack } from '../lib/stacks/service-stack.ts';
import { selectStage } from './stages.ts';

/** The stacks of one stage. */
export interface AssembledStage {
  readonly data: DataStack;
  readonly service: ServiceStack;
}

/**
 * Puts the stacks of a stage into an app.
 * @param stageName name in bin/stages.ts; `dev` by default
 * @throws SpillwayError for an unknown stage, or for anything in it that makes no sense
 */
export function assembleStage(app: App, stageName?: unknown): AssembledStage {
  const { stageName: name, stage } = selectStage(stageName);
  // No `env`: the templates fit any account and Region, and synth needs neither credentials nor a network.
  const data = new DataStack(app, stackName(name, 'Data'), { stageName: name, stage });
  const service = new ServiceStack(app, stackName(name, 'Service'), { stageName: name, stage, data });
  return { data, service };
}
