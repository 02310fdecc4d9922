import { Match, Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { STAGES } from '../../../bin/stages.ts';
import { Env } from '../../../lambdas/contract/environment.ts';
import { UsageTier } from '../../../lib/api/usage-tier.ts';
import { ServiceFunction } from '../../../lib/compute/service-function.ts';
import { DataStack } from '../../../lib/stacks/data-stack.ts';
import { ServiceStack } from '../../../lib/stacks/service-stack.ts';
import type { StageProps } from '../../../lib/stacks/stage-props.ts';
import { flaggedApp } from '../../support/flagged-app.ts';

function createStacks(
  stageName: string,
  stage: StageProps,
): { data: DataStack; service: ServiceStack; template: Template } {
  const app = flaggedApp();
  const data = new DataStack(app, 'Data', { stageName, stage });
  const service = new ServiceStack(app, 'Service', { stageName, stage, data });
  return { data, service, template: Template.fromStack(service) };
}

describe('ServiceStack', () => {
  let dev: ReturnType<typeof createStacks>;
  let prod: ReturnType<typeof createStacks>;
  beforeAll(() => {
    dev = createStacks('dev', STAGES.dev);
    prod = createStacks('prod', STAGES.prod);
  });

  function functionNamed(path: string): ServiceFunction {
    const found = dev.service.node.findAll().find(({ node }) => node.path === `Service/${path}`);
    if (found instanceof ServiceFunction) return found;
    throw new Error(`no function at ${path}`);
  }

  it.each([
    'Authorizer/Verify',
    'NotificationsWorker/Worker',
    'AnalyticsWorker/Worker',
    'ActivityWorker/Worker',
    'VideoWorker/Worker',
    'OutboxRelay/Relay/Worker',
  ])('keeps %s, which needs no cache, out of the VPC', (path) => {
    expect(functionNamed(path).function.isBoundToVpc).toBe(false);
  });

  it.each(['Identity', 'Feed', 'Notifications', 'Video', 'Analytics'])(
    'keeps %s in the VPC of its cache',
    (service) => {
      expect(functionNamed(`Api/${service}`).function.isBoundToVpc).toBe(true);
    },
  );

  it('puts out the URL, the stage and what the tiers may do', () => {
    const { service, template } = dev;
    template.hasOutput('ApiUrl', { Value: service.resolve(service.api.url) });
    template.hasOutput('Stage', { Value: 'dev' });
    template.hasOutput('Tiers', { Value: Match.stringLikeRegexp('^free: 100/s and burst 200 per user;') });
  });

  it('tells the services what the stage says of tiers, and of a cache that is gone', () => {
    const half = UsageTier.free({ perUser: { ratePerSecond: 50, burst: 100 } });
    const { template } = createStacks('dev', { ...STAGES.dev, tiers: [half], onStoreFailure: 'deny' });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: {
          [Env.TIER_LIMITS]: '{"free":{"ratePerSecond":50,"burst":100}}',
          [Env.ADMISSION]: Match.serializedJson(Match.objectLike({ onStoreFailure: 'deny' })),
        },
      },
    });
  });

  it('throttles the routes that the stage names, and all others like the stage', () => {
    dev.template.hasResourceProperties('AWS::ApiGateway::Stage', {
      MethodSettings: Match.arrayWith([
        Match.objectLike({
          HttpMethod: '*',
          ResourcePath: '/*',
          ThrottlingRateLimit: 1_000,
          ThrottlingBurstLimit: 2_000,
        }),
        Match.objectLike({
          HttpMethod: 'POST',
          ResourcePath: '/~1login',
          ThrottlingRateLimit: 50,
          ThrottlingBurstLimit: 100,
        }),
      ]),
    });
  });

  it('keeps environments warm in prod where the stage says so, and none in dev', () => {
    dev.template.resourceCountIs('AWS::ApplicationAutoScaling::ScalableTarget', 0);
    prod.template.resourcePropertiesCountIs(
      'AWS::ApplicationAutoScaling::ScalableTarget',
      { MinCapacity: 2, MaxCapacity: 10 },
      2,
    );
    prod.template.hasResourceProperties('AWS::Lambda::Function', { ReservedConcurrentExecutions: 300 });
  });

  it('rings on the API, on the worker, and on every function there is', () => {
    const alarms = Object.values(dev.template.findResources('AWS::CloudWatch::Alarm')).map(
      ({ Properties }) => Properties,
    );
    const metrics = alarms.map(({ MetricName }) => MetricName ?? '5xx ratio');
    // Those of the stack, and the one that rotates the signing key.
    const functions = Object.keys(dev.template.findResources('AWS::Lambda::Function')).length + 1;
    for (const metric of ['Errors', 'Throttles']) {
      const watched = alarms.filter(({ MetricName }) => MetricName === metric).map(({ Dimensions }) => Dimensions);
      expect(new Set(watched.map((dimensions) => JSON.stringify(dimensions))).size).toBe(functions);
    }
    expect(metrics).toEqual(
      expect.arrayContaining(['5xx ratio', 'Latency', 'IteratorAge', 'ApproximateNumberOfMessagesVisible']),
    );
  });

  it('mails alarms to the address of the stage', () => {
    dev.template.resourceCountIs('AWS::SNS::Subscription', 0);
    createStacks('dev', { ...STAGES.dev, alarmEmail: 'ops@example.com' }).template.resourceCountIs(
      'AWS::SNS::Subscription',
      1,
    );
  });

  it('keeps all logs as long as the stage says', () => {
    dev.template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 7 });
    prod.template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 90 });
  });

  it('fails on more reserved concurrency than an account has', () => {
    const scaling = { feed: { reservedConcurrency: 900 }, identity: { reservedConcurrency: 1 } };
    expect(() => createStacks('dev', { ...STAGES.dev, scaling })).toThrow(
      'scaling: reservedConcurrency must come to at most 900 in all, got 901 (feed 900, identity 1); lower some, or set accountConcurrency to what AWS has raised it to [Service]',
    );
  });
});
