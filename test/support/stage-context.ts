import type { Stack } from 'aws-cdk-lib';
import { STAGES } from '../../bin/stages.ts';
import { AlarmTopic } from '../../lib/monitoring/alarm-topic.ts';
import { DataStack } from '../../lib/stacks/data-stack.ts';
import { createServiceContext, type ServiceContext } from '../../lib/stacks/services/service-context.ts';
import type { StageProps } from '../../lib/stacks/stage-props.ts';
import { newApi } from './api-factory.ts';
import { flaggedStack } from './flagged-app.ts';

/** What a service of a stage is added to: an API without any, and the stage's data. */
export function stageContext(overrides: Partial<StageProps> = {}): ServiceContext & { readonly stack: Stack } {
  const stage = { ...STAGES.dev, ...overrides };
  const stack = flaggedStack('Service');
  const data = new DataStack(stack.node.root, 'Data', { stageName: 'dev', stage });
  const api = newApi(stack, { tiers: stage.tiers });
  return { ...createServiceContext({ api, data, stage, action: new AlarmTopic(stack, 'AlarmTopic') }), stack };
}

/** What the stage says of a route: `POST /login`. */
export function routeNamed({ api }: Pick<ServiceContext, 'api'>, name: string) {
  const found = api.routes.find(({ method, path }) => `${method} ${path}` === name);
  if (found === undefined) throw new Error(`no route ${name} among ${api.routes.join(', ')}`);
  return found;
}
