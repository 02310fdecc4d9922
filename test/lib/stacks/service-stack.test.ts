import type { CfnElement } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { STAGES } from '../../../bin/stages.ts';
import { Env } from '../../../lambdas/contract/environment.ts';
import { UsageTier } from '../../../lib/api/usage-tier.ts';
import { ServiceFunction } from '../../../lib/compute/service-function.ts';
import { DataStack } from '../../../lib/stacks/data-stack.ts';
import { ServiceStack } from '../../../lib/stacks/service-stack.ts';
import type { StageProps } from '../../../lib/stacks/stage-props.ts';
import { allowedActions } from '../../support/allowed-actions.ts';
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

const LOGS = ['logs:CreateLogStream', 'logs:PutLogEvents'];
const TRACES = ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'];
const INTERFACES = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];
const CONNECT = { Cache18F6EE16: ['elasticache:Connect'], CacheUser72FA2B22: ['elasticache:Connect'] };
const API_GATEWAY = 'arn:AWS::Partition:apigateway:AWS::Region::';
const READ_SECRET = ['secretsmanager:GetSecretValue'];

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

  it.each<[string, Record<string, string[]>]>([
    [
      'Api/Identity',
      {
        '*': [...INTERFACES, ...TRACES],
        ...CONNECT,
        TablesAccounts2D520C9A: ['dynamodb:GetItem', 'dynamodb:PutItem'],
        TablesSessions486350CB: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
        TablesTenantsE95A5149: ['dynamodb:GetItem'],
        TablesVerificationKeys660673D8: ['dynamodb:Scan'],
        SigningKey159D907F: READ_SECRET,
      },
    ],
    [
      'Api/Feed',
      {
        '*': [...INTERFACES, ...TRACES],
        ...CONNECT,
        TablesPosts0238BDBA: ['dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:Query'],
        TablesFollows8316CD87: ['dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:Query'],
        Events948F067E: ['kinesis:PutRecord'],
        CursorSecretABAE1358: READ_SECRET,
      },
    ],
    [
      'Api/Notifications',
      {
        '*': [...INTERFACES, ...TRACES],
        ...CONNECT,
        TablesNotifications29081F10: ['dynamodb:Query'],
        CursorSecretABAE1358: READ_SECRET,
      },
    ],
    ['Api/Limits', { '*': [...INTERFACES, ...TRACES], ...CONNECT }],
    [
      'Api/Parked',
      {
        '*': [...INTERFACES, ...TRACES],
        ...CONNECT,
        TablesParked5678F203: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
      },
    ],
    [
      'Api/Tenants',
      {
        '*': [...INTERFACES, ...TRACES],
        ...CONNECT,
        TablesAccounts2D520C9A: ['dynamodb:UpdateItem'],
        TablesTenantsE95A5149: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
        [`${API_GATEWAY}/apikeys`]: ['apigateway:GET', 'apigateway:POST'],
        [`${API_GATEWAY}/apikeys/*`]: ['apigateway:DELETE'],
        [`${API_GATEWAY}/usageplans`]: ['apigateway:GET'],
        [`${API_GATEWAY}/usageplans/ApiRestApiTierbusiness25BCBADD/keys`]: ['apigateway:POST'],
      },
    ],
    [
      'Api/Drill',
      {
        '*': [...INTERFACES, ...TRACES],
        ...CONNECT,
        TablesDrill0CEA4323: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
        TablesParked5678F203: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
        ApiDrillParkingQueue2F2E933C: [
          'sqs:ChangeMessageVisibility',
          'sqs:DeleteMessage',
          'sqs:GetQueueAttributes',
          'sqs:ReceiveMessage',
          'sqs:SendMessage',
        ],
      },
    ],
    [
      'NotificationsWorker/Worker',
      {
        '*': TRACES,
        'TablesFollows8316CD87/index/byFollowee': ['dynamodb:Query'],
        TablesNotifications29081F10: ['dynamodb:PutItem'],
        Events948F067E: [
          'kinesis:DescribeStream',
          'kinesis:DescribeStreamSummary',
          'kinesis:GetRecords',
          'kinesis:GetShardIterator',
          'kinesis:ListShards',
        ],
        'dead letters': ['sqs:SendMessage'],
      },
    ],
    ['Authorizer/Verify', { '*': TRACES, TablesVerificationKeys660673D8: ['dynamodb:Scan'] }],
  ])('lets %s do what it does, and nothing else', (path, expected) => {
    const { service, template } = dev;
    const target = functionNamed(path);
    const idOf = (construct: { node: { defaultChild?: unknown } }) =>
      service.getLogicalId(construct.node.defaultChild as CfnElement);
    const queues = Object.keys(template.findResources('AWS::SQS::Queue'));
    const deadLetters = queues.find((id) => id.startsWith('NotificationsWorkerDeadLetters')) ?? 'no dead letters';
    const { 'dead letters': send, ...rest } = expected;
    expect(allowedActions(service, template, target)).toEqual({
      ...rest,
      [idOf(target.logGroup)]: LOGS,
      ...(send && { [deadLetters]: send }),
    });
  });

  it('keeps the authorizer and the worker, which need no cache, out of the VPC', () => {
    for (const path of ['Authorizer/Verify', 'NotificationsWorker/Worker']) {
      expect(functionNamed(path).function.isBoundToVpc).toBe(false);
    }
    for (const path of ['Api/Identity', 'Api/Feed', 'Api/Notifications']) {
      expect(functionNamed(path).function.isBoundToVpc).toBe(true);
    }
  });

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
