import { Aws, type CfnElement, Duration, RemovalPolicy, Size, type Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Stream } from 'aws-cdk-lib/aws-kinesis';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { describe, expect, it } from 'vitest';
import { Env } from '../../../lambdas/contract/environment.ts';
import { UNKNOWN_VALUE_BYTES } from '../../../lib/compute/environment-size.ts';
import { ServiceFunction, type ServiceFunctionProps } from '../../../lib/compute/service-function.ts';
import { Cache } from '../../../lib/data/cache.ts';
import { Network, NetworkEgress } from '../../../lib/data/network.ts';
import { FIXTURE_HANDLERS, flaggedStack } from '../../support/flagged-app.ts';

function createFunction(stack: Stack, props: Partial<ServiceFunctionProps> = {}): ServiceFunction {
  return new ServiceFunction(stack, 'Echo', {
    handler: 'services/echo',
    handlersDirectory: FIXTURE_HANDLERS,
    description: 'Answers what it is asked',
    ...props,
  });
}

/** All statements of the function's policy, as IAM reads them. */
function statements(stack: Stack): { Effect: string; Action: string | string[]; Resource: unknown }[] {
  const policies = Template.fromStack(stack).findResources('AWS::IAM::Policy', {
    Properties: { PolicyName: Match.stringLikeRegexp('^EchoRole') },
  });
  return Object.values(policies).flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
}

function createCache(stack: Stack, egress: NetworkEgress): Cache {
  const network = new Network(stack, 'Network', { egress });
  return new Cache(stack, 'Cache', { network, usageLimits: { maxDataGigabytes: 1, maxEcpuPerSecond: 1_000 } });
}

describe('ServiceFunction', () => {
  it('runs Node 24 on ARM64, traced, logging JSON to a log group of its own that nobody named', () => {
    const stack = flaggedStack();
    const { logGroup } = createFunction(stack, {
      logRetention: RetentionDays.ONE_WEEK,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      MemorySize: 512,
      Timeout: 10,
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: {
        LogFormat: 'JSON',
        LogGroup: { Ref: stack.getLogicalId(logGroup.node.defaultChild as CfnElement) },
      },
      ReservedConcurrentExecutions: Match.absent(),
      VpcConfig: Match.absent(),
      FunctionName: Match.absent(),
    });
    template.hasResource('AWS::Logs::LogGroup', {
      DeletionPolicy: 'Retain',
      Properties: { RetentionInDays: 7, LogGroupName: Match.absent() },
    });
  });

  it('is called through the alias live, which starts cold by default', () => {
    const stack = flaggedStack();
    createFunction(stack);
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Lambda::Alias', {
      Name: 'live',
      ProvisionedConcurrencyConfig: Match.absent(),
    });
    template.resourceCountIs('AWS::ApplicationAutoScaling::ScalableTarget', 0);
  });

  it('keeps environments warm behind the alias, following their use', () => {
    const stack = flaggedStack();
    createFunction(stack, { provisionedConcurrency: { min: 2, max: 10, utilization: 0.75 } });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Lambda::Alias', {
      ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 2 },
    });
    template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', { MinCapacity: 2, MaxCapacity: 10 });
    template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
      TargetTrackingScalingPolicyConfiguration: { TargetValue: 0.75 },
    });
  });

  it('may write its own logs and trace segments, and nothing else', () => {
    const stack = flaggedStack();
    const { logGroup } = createFunction(stack);
    const logs = stack.getLogicalId(logGroup.node.defaultChild as CfnElement);
    expect(statements(stack)).toEqual([
      {
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: { 'Fn::GetAtt': [logs, 'Arn'] },
      },
      { Effect: 'Allow', Action: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], Resource: '*' },
    ]);
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', { ManagedPolicyArns: Match.absent() });
  });

  it('may do exactly the actions it was told on a table, or on an index alone', () => {
    const stack = flaggedStack();
    const table = new TableV2(stack, 'Table', { partitionKey: { name: 'id', type: AttributeType.STRING } });
    const subject = createFunction(stack);
    subject.useTable(table, { environment: Env.POSTS_TABLE, actions: ['dynamodb:GetItem', 'dynamodb:PutItem'] });
    subject.useTable(table, { environment: Env.POSTS_TABLE, actions: ['dynamodb:Query'], indexes: ['byAuthor'] });
    const [tableArn, indexArn] = [table.tableArn, `${table.tableArn}/index/byAuthor`].map((arn) => stack.resolve(arn));
    expect(statements(stack)).toEqual(
      expect.arrayContaining([
        { Effect: 'Allow', Action: ['dynamodb:GetItem', 'dynamodb:PutItem'], Resource: tableArn },
        { Effect: 'Allow', Action: 'dynamodb:Query', Resource: indexArn },
      ]),
    );
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { [Env.POSTS_TABLE]: stack.resolve(table.tableName) } },
    });
  });

  it('is told the name of a stream and the ARN of a secret that it may use', () => {
    const stack = flaggedStack();
    const stream = new Stream(stack, 'Stream');
    const secret = new Secret(stack, 'Secret');
    const subject = createFunction(stack);
    subject.useStream(stream, { environment: Env.EVENT_STREAM, actions: ['kinesis:PutRecord'] });
    subject.useSecret(secret, { environment: Env.CURSOR_SECRET, actions: ['secretsmanager:GetSecretValue'] });
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: {
          [Env.EVENT_STREAM]: stack.resolve(stream.streamName),
          [Env.CURSOR_SECRET]: stack.resolve(secret.secretArn),
        },
      },
    });
    expect(statements(stack)).toEqual(
      expect.arrayContaining([
        { Effect: 'Allow', Action: 'kinesis:PutRecord', Resource: stack.resolve(stream.streamArn) },
        { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: stack.resolve(secret.secretArn) },
      ]),
    );
  });

  it('sits in the VPC of its cache, may sign in there, and calls dual-stack endpoints', () => {
    const stack = flaggedStack();
    const cache = createCache(stack, NetworkEgress.dualStack());
    createFunction(stack, { cache });
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', {
      VpcConfig: {
        Ipv6AllowedForDualStack: true,
        SecurityGroupIds: [
          stack.resolve(cache.network.functionSecurityGroup.securityGroupId),
          stack.resolve(cache.clientSecurityGroup.securityGroupId),
        ],
      },
      Environment: {
        Variables: {
          AWS_USE_DUALSTACK_ENDPOINT: 'true',
          [Env.CACHE_URL]: stack.resolve(cache.url),
          [Env.CACHE_USER]: stack.resolve(cache.userName),
          [Env.CACHE_NAME]: stack.resolve(cache.cacheName),
        },
      },
    });
    expect(statements(stack)).toContainEqual(expect.objectContaining({ Action: 'elasticache:Connect' }));
  });

  it('keeps to IPv4 where the network has interface endpoints', () => {
    const stack = flaggedStack();
    createFunction(stack, { cache: createCache(stack, NetworkEgress.interfaceEndpoints()) });
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', {
      VpcConfig: { Ipv6AllowedForDualStack: Match.absent() },
      Environment: { Variables: { AWS_USE_DUALSTACK_ENDPOINT: Match.absent() } },
    });
  });

  it('denies its own code what Lambda does with its role to network interfaces', () => {
    const stack = flaggedStack();
    createFunction(stack, { cache: createCache(stack, NetworkEgress.dualStack()) });
    const interfaces = statements(stack).filter(({ Action }) => Action.includes('ec2:CreateNetworkInterface'));
    expect(interfaces.map(({ Effect }) => Effect)).toEqual(['Allow', 'Deny']);
    expect(interfaces[1]).toMatchObject({
      Condition: {
        ArnLike: {
          'lambda:SourceFunctionArn': stack.resolve(
            `arn:${Aws.PARTITION}:lambda:${Aws.REGION}:${Aws.ACCOUNT_ID}:function:*`,
          ),
        },
      },
    });
  });

  describe('with wrong props', () => {
    const provisioned = { min: 2, max: 10, utilization: 0.75 };
    const hint = 'leave it out to be bounded by the account alone';

    it.each<[string, Partial<ServiceFunctionProps>, string]>([
      ['no memory', { memory: Size.mebibytes(127) }, 'memory must be whole MiB between 128 and 10240, got 127 MiB'],
      [
        'time without end',
        { timeout: Duration.minutes(16) },
        'timeout must be whole seconds between 1 second and 15 minutes, got 16 minutes',
      ],
      ...[0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY].map(
        (value): [string, Partial<ServiceFunctionProps>, string] => [
          `a reserved concurrency of ${value}`,
          { reservedConcurrency: value },
          `reservedConcurrency must be a whole number of at least 1, got ${value}; ${hint}`,
        ],
      ),
      [
        'nothing warm',
        { provisionedConcurrency: { ...provisioned, min: 0 } },
        'provisionedConcurrency.min must be a whole number of at least 1, got 0; leave provisionedConcurrency out to start cold',
      ],
      [
        'a maximum below the minimum',
        { provisionedConcurrency: { ...provisioned, max: 1 } },
        'provisionedConcurrency.max must be a whole number of at least 2, got 1; it lies between min and reservedConcurrency',
      ],
      [
        'more warm than may run',
        { reservedConcurrency: 9, provisionedConcurrency: provisioned },
        'provisionedConcurrency.max must be a whole number between 2 and 9, got 10; it lies between min and reservedConcurrency',
      ],
      [
        'full use',
        { provisionedConcurrency: { ...provisioned, utilization: 1 } },
        'provisionedConcurrency.utilization must be a number between 0.1 and 0.9, got 1',
      ],
      ['a long description', { description: 'x'.repeat(257) }, 'description must have at most 256 characters, got 257'],
    ])('fails on %s', (_name, props, message) => {
      const stack = flaggedStack();
      expect(() => createFunction(stack, props)).toThrow(`function 'services/echo': ${message} [Stack/Echo]`);
    });

    it('fails on actions that are not named one by one', () => {
      const stack = flaggedStack();
      const stream = new Stream(stack, 'Stream');
      const subject = createFunction(stack);
      expect(() => subject.useStream(stream, { environment: 'STREAM', actions: ['kinesis:Put*'] })).toThrow(
        "STREAM: actions must be named one by one, got 'kinesis:Put*' [Stack/Echo]",
      );
      expect(() => subject.useStream(stream, { environment: 'STREAM', actions: [] })).toThrow(
        'STREAM: actions must be named one by one, got none [Stack/Echo]',
      );
    });

    it('fails on a variable that is set twice to different values', () => {
      const subject = createFunction(flaggedStack(), { environment: { A: '1' } });
      subject.addEnvironment('A', '1');
      expect(() => subject.addEnvironment('A', '2')).toThrow(
        "environment variable A is set twice: '1' and '2'; remove one [Stack/Echo]",
      );
    });

    it('fails on a cache that it cannot reach', () => {
      const stack = flaggedStack();
      const cache = createCache(stack, NetworkEgress.dualStack());
      expect(() => createFunction(stack).useCache(cache)).toThrow(
        'a function outside of the VPC cannot reach the cache; pass it as the prop `cache` [Stack/Echo]',
      );
      const network = new Network(stack, 'Other');
      expect(
        () => new ServiceFunction(stack, 'Second', { handler: 'services/echo', description: '', cache, network }),
      ).toThrow("function 'services/echo': network is not the one its cache sits in; leave network out [Stack/Second]");
    });

    it('accepts an environment of 4,096 bytes, and fails on one more', () => {
      const known = 'STREAM'.length + UNKNOWN_VALUE_BYTES + 'FILL'.length;
      const environmentOf = (bytes: number) => {
        const stack = flaggedStack();
        const { streamArn } = new Stream(stack, 'Stream');
        createFunction(stack, { environment: { STREAM: streamArn, FILL: 'x'.repeat(bytes - known) } });
        return () => Template.fromStack(stack);
      };
      expect(environmentOf(4_096)).not.toThrow();
      expect(environmentOf(4_097)).toThrow(
        "[Stack/Echo] function 'services/echo': the environment must come to at most 4096 bytes, got 4097; split the service, or shorten names of routes, scopes and tiers",
      );
    });
  });
});
