import { type App, Duration, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { Env } from '../../../lambdas/contract/environment.ts';
import { LoadSignal } from '../../../lib/admission/load-signal.ts';
import { LimitBy } from '../../../lib/api/limit-by.ts';
import { RateLimit } from '../../../lib/api/rate-limit.ts';
import { Route } from '../../../lib/api/route.ts';
import { WhenBehind } from '../../../lib/api/when-behind.ts';
import { controllerStack } from '../../support/controller-stack.ts';
import { flaggedStack } from '../../support/flagged-app.ts';

const RULE = 'AWS::Events::Rule';

/** The controller's specification as the function gets it, names of resources as `<token>`. */
function specOf(stack: ReturnType<typeof controllerStack>['stack'], controllerId = 'Controller') {
  const functions = Template.fromStack(stack).findResources('AWS::Lambda::Function');
  const [, found] = Object.entries(functions).find(([id]) => id.startsWith(controllerId)) ?? [];
  const variable: unknown = found?.Properties.Environment.Variables[Env.CONTROLLER];
  const text = typeof variable === 'string' ? variable : join(variable as { 'Fn::Join': [string, unknown[]] });
  return JSON.parse(text) as {
    shards: number;
    signals: object[];
    fleetLimits?: object[];
    policies: object;
    dependencies: string[];
  };
}

function join({ 'Fn::Join': [, parts] }: { 'Fn::Join': [string, unknown[]] }): string {
  return parts.map((part) => (typeof part === 'string' ? part : '<token>')).join('');
}

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

describe('AdmissionController', () => {
  // Synthesized once: most of what follows is said of the same stack.
  const { stack, controller } = controllerStack();
  const template = Template.fromStack(stack);

  it('makes a parameter of the stack’s own, which lets the system decide', () => {
    template.hasResourceProperties('AWS::SSM::Parameter', {
      Name: '/spillway/Stack/levers',
      Type: 'String',
      Value: '{}',
    });
  });

  it('runs by the minute, when its own levers change, and when an alarm of the stack does', () => {
    template.resourceCountIs(RULE, 3);
    const targets = [
      Match.objectLike({
        Arn: stack.resolve(controller.function.alias.functionArn),
        RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 },
      }),
    ];
    template.hasResourceProperties(RULE, { ScheduleExpression: 'rate(1 minute)', Targets: targets });
    template.hasResourceProperties(RULE, {
      EventPattern: {
        source: ['aws.ssm'],
        'detail-type': ['Parameter Store Change'],
        detail: { name: [stack.resolve(controller.levers.parameterName)] },
      },
      Targets: targets,
    });
    template.hasResourceProperties(RULE, {
      EventPattern: {
        source: ['aws.cloudwatch'],
        'detail-type': ['CloudWatch Alarm State Change'],
        detail: { alarmName: [{ prefix: 'Stack-' }] },
      },
      Targets: targets,
    });
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      MaximumEventAgeInSeconds: 60,
      MaximumRetryAttempts: 0,
    });
  });

  it('may read its levers and metrics, and nothing else of SSM and CloudWatch', () => {
    const policies = Object.values(template.findResources('AWS::IAM::Policy'));
    const statements = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement as Statement[]);
    const granted = statements.flatMap(({ Action, Resource }) =>
      [Action].flat().map((action) => [action, Resource] as const),
    );
    const levers = stack.resolve(controller.levers.parameterArn);
    expect(granted.filter(([action]) => /^(?:ssm|cloudwatch):/.test(action)).toSorted()).toEqual([
      ['cloudwatch:GetMetricData', '*'],
      ['ssm:GetParameter', levers],
      ['ssm:GetParameterHistory', levers],
    ]);
  });

  it('has the wildcard for metrics in a policy of its own, which a reason of its own is given for', () => {
    const { stack } = controllerStack();
    const app = stack.node.root as App;
    // A finding that nobody has acknowledged would fail here.
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    const policies = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
    const actions = policies.map(({ Properties }) =>
      (Properties.PolicyDocument.Statement as Statement[]).flatMap(({ Action }) => Action),
    );
    expect(actions.filter((some) => some.includes('cloudwatch:GetMetricData'))).toEqual([['cloudwatch:GetMetricData']]);
  });

  it('sits in the cache’s VPC and is told where the cache is', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      VpcConfig: Match.anyValue(),
      Environment: { Variables: Match.objectLike({ [Env.CACHE_URL]: Match.anyValue() }) },
      Description: Match.stringLikeRegexp('^Tells all services'),
    });
  });

  it('hands on the signals by the names of what they are about', () => {
    const { stack } = controllerStack({
      props: (scope) => ({
        signals: [
          LoadSignal.queue(new Queue(scope, 'Work'), { maxAge: Duration.minutes(1) }),
          LoadSignal.account({ concurrency: 1_000 }),
        ],
      }),
    });
    expect(specOf(stack)).toMatchObject({
      shards: 1,
      signals: [
        { kind: 'queue', name: '<token>', maxAgeSeconds: 60 },
        { kind: 'account', concurrency: 1_000 },
      ],
      fleetLimits: [],
    });
  });

  it('looks after the limits that several shards share, each once', () => {
    const shared = RateLimit.tokenBucket({ name: 'all', by: LimitBy.GLOBAL, ratePerSecond: 10, burst: 40 });
    const routes = [
      Route.get('/a', {
        scope: 'feed:read',
        summary: 'A',
        limits: [shared, RateLimit.fixedWindow({ by: LimitBy.USER, max: 10, window: Duration.minutes(1) })],
      }),
      Route.get('/b', {
        scope: 'feed:read',
        summary: 'B',
        limits: [
          shared,
          RateLimit.slidingWindow({ name: 'route', by: LimitBy.ROUTE, max: 100, window: Duration.hours(1) }),
        ],
      }),
    ];
    const { stack } = controllerStack({ api: { admissionShards: 4 }, routes });
    expect(specOf(stack)).toMatchObject({
      shards: 4,
      signals: [],
      fleetLimits: [
        { policy: 'global:all', windowSeconds: 4, leastShare: 1 / 40 },
        { policy: 'GET /b:route', windowSeconds: 3_600, leastShare: 0.01 },
      ],
    });
    // With one shard there is nothing to share.
    expect(specOf(controllerStack({ routes }).stack).fleetLimits).toEqual([]);
  });

  it('knows what levers may name', () => {
    const limits = [RateLimit.fixedWindow({ by: LimitBy.USER, max: 10, window: Duration.minutes(1) })];
    const routes = [Route.get('/a', { scope: 'feed:read', summary: 'A', limits })];
    const { stack } = controllerStack({ service: { dependencies: { search: {} } }, routes });
    expect(specOf(stack)).toMatchObject({ policies: { 'GET /a': ['user'] }, dependencies: ['search'] });
  });

  it('watches the queues whose age decides about requests', () => {
    const queue = Queue.fromQueueArn(flaggedStack('Data'), 'Video', 'arn:aws:sqs:eu-west-1:111122223333:dev-video');
    const video = { name: 'video', queue, maxAge: Duration.minutes(2) } as const;
    const whenBehind = WhenBehind.refuse(video);
    const { stack } = controllerStack({ routes: [Route.post('/video', { scope: 'feed:write', whenBehind })] });
    expect(specOf(stack)).toMatchObject({
      backlogs: [{ work: 'video', queueName: 'dev-video', maxAgeSeconds: 120 }],
    });
    expect(specOf(controllerStack().stack)).not.toHaveProperty('backlogs');
  });

  it('fails for the breaker of what no service depends on', () => {
    const service = { dependencies: { search: {} } };
    const withSignal = (signal: LoadSignal) => () => controllerStack({ service, props: () => ({ signals: [signal] }) });
    expect(withSignal(LoadSignal.breaker('Echo', 'serch'))).toThrow(
      "admission controller: signals must be about breakers that there are ('search' of 'Echo'), got 'serch' of 'Echo'; declare it in the service's dependencies [Stack/Controller]",
    );
    expect(withSignal(LoadSignal.breaker('Feed', 'search'))).toThrow("got 'search' of 'Feed'");
    expect(withSignal(LoadSignal.breaker('Echo', 'search'))).not.toThrow();
  });

  it.each(['LeversInvalid', 'LeversUnknownName', 'LeversUnavailable', 'SignalsUnavailable'])(
    'rings on %s of this function',
    (MetricName) => {
      template.hasResourceProperties('AWS::CloudWatch::Alarm', {
        Namespace: 'Spillway',
        MetricName,
        Dimensions: [{ Name: 'service', Value: stack.resolve(controller.function.function.functionName) }],
        Statistic: 'Sum',
        Period: 60,
        Threshold: 1,
        TreatMissingData: 'notBreaching',
      });
    },
  );

  it('rings when it fails in three of five minutes', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/Lambda',
      MetricName: 'Errors',
      Dimensions: [{ Name: 'FunctionName', Value: stack.resolve(controller.function.function.functionName) }],
      EvaluationPeriods: 5,
      DatapointsToAlarm: 3,
    });
  });

  it('fails for an api without services', () => {
    expect(() => controllerStack({ routes: [] })).toThrow(
      'admission controller: the api has no services yet; add them before the controller [Stack/Controller]',
    );
  });

  it('fails for more signals than it takes', () => {
    const signals = Array.from({ length: 101 }, () => LoadSignal.account({ concurrency: 1 }));
    expect(() => controllerStack({ props: () => ({ signals }) })).toThrow(
      'admission controller: signals must be at most 100, got 101; name those that tell of load first [Stack/Controller]',
    );
  });
});
