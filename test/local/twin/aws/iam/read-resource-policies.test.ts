import { describe, expect, it } from 'vitest';
import type { Principal } from '../../../../../local/twin/aws/principal.ts';
import {
  answer,
  arnOf,
  feed,
  iamArn,
  iamOf,
  policy,
  role,
  roleThatMay,
  trust,
} from '../../../../support/iam-resources.ts';
import { resource } from '../../../../support/running-aws.ts';

const method = arnOf('execute-api', 'api1/dev/GET/items');
const gateway = (sourceArn: string): Principal => ({ kind: 'service', service: 'apigateway.amazonaws.com', sourceArn });
const permission = (properties: Record<string, unknown>) =>
  resource('AWS::Lambda::Permission', 'Permission', {
    Action: 'lambda:InvokeFunction',
    FunctionName: arnOf('lambda', 'function:feed:live'),
    Principal: 'apigateway.amazonaws.com',
    ...properties,
  });

describe('authorizeInvoke', () => {
  const live = arnOf('lambda', 'function:feed:live');
  const refused = `User: apigateway.amazonaws.com is not authorized to perform: lambda:InvokeFunction on resource: ${live} because no resource-based policy allows the lambda:InvokeFunction action`;

  it.each<[string, Record<string, unknown>, string | undefined]>([
    ['no condition', {}, undefined],
    ['the source', { SourceArn: arnOf('execute-api', 'api1/*/*/*') }, undefined],
    ['another source', { SourceArn: arnOf('execute-api', 'api2/*/*/*') }, refused],
    ['the account', { SourceAccount: '000000000000' }, undefined],
    ['another account', { SourceAccount: '111111111111' }, refused],
    ['another service', { Principal: 'sns.amazonaws.com' }, refused],
    ['another qualifier', { FunctionName: arnOf('lambda', 'function:feed') }, refused],
    ['an organization', { PrincipalOrgID: 'o-1' }, refused],
    ['the name of the function', { FunctionName: 'feed:live' }, undefined],
    ['everybody', { Principal: '*' }, undefined],
  ])('lets a service invoke by a permission for %s', (_what, properties, expected) => {
    expect(iamOf([permission(properties)]).authorizeInvoke(gateway(method), live)).toBe(expected);
  });

  it('keeps a service out without a permission', () => {
    expect(iamOf([]).authorizeInvoke(gateway(method), live)).toBe(refused);
  });

  it("goes by a role's policies, or by a permission for the role", () => {
    const allowed = iamOf([
      roleThatMay('Feed', { Action: 'lambda:InvokeFunction', Resource: `${arnOf('lambda', 'function:feed')}:*` }),
    ]);
    expect(allowed.authorizeInvoke(feed, 'feed:live')).toBeUndefined();
    expect(allowed.authorizeInvoke(feed, 'feed')).toContain('because no identity-based policy allows');
    const permitted = iamOf([role('Feed'), permission({ Principal: iamArn('role/Feed') })]);
    expect(permitted.authorizeInvoke(feed, live)).toBeUndefined();
  });
});

describe('authorizeRead', () => {
  it('names the first action that the role lacks', () => {
    const stream = arnOf('kinesis', 'stream/s');
    const iam = iamOf([roleThatMay('Feed', { Action: 'kinesis:Get*', Resource: stream })]);
    expect(iam.authorizeRead(feed, ['kinesis:GetRecords'], stream)).toBeUndefined();
    expect(iam.authorizeRead(feed, ['kinesis:GetRecords', 'kinesis:ListShards'], stream)).toBe(
      `User: arn:aws:sts::000000000000:assumed-role/Feed/feed is not authorized to perform: kinesis:ListShards on resource: ${stream} because no identity-based policy allows the kinesis:ListShards action`,
    );
  });
});

describe('a role that a service assumes', () => {
  const fn = arnOf('lambda', 'function:feed');
  it('has to trust that service', () => {
    const grant = { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: '*' };
    const iam = iamOf([
      role('Run', {
        AssumeRolePolicyDocument: trust({ Service: 'scheduler.amazonaws.com' }),
        Policies: [{ PolicyName: 'p', PolicyDocument: { Version: '2012-10-17', Statement: [grant] } }],
      }),
    ]);
    const assumedBy = (service: string): Principal => ({
      kind: 'role',
      roleArn: iamArn('role/Run'),
      sessionName: 's',
      assumedBy: service,
    });
    expect(iam.authorizeInvoke(assumedBy('scheduler.amazonaws.com'), fn)).toBeUndefined();
    expect(iam.authorizeInvoke(assumedBy('apigateway.amazonaws.com'), fn)).toBe(
      `User: apigateway.amazonaws.com is not authorized to perform: sts:AssumeRole on resource: ${iamArn('role/Run')}`,
    );
  });
});

describe('policies of resources', () => {
  const queueUrl = 'https://sqs.eu-west-1.amazonaws.com/000000000000/work';
  const topic = arnOf('sns', 'posts');
  const sns: Principal = { kind: 'service', service: 'sns.amazonaws.com', sourceArn: topic };
  const secret = arnOf('secretsmanager', 'secret:database-a1b2c3');
  const bus = arnOf('events', 'event-bus/own');
  const table = arnOf('dynamodb', 'table/posts');
  const forRole = { Principal: { AWS: iamArn('role/Feed') } };
  const forTopic = {
    Principal: { Service: 'sns.amazonaws.com' },
    Condition: { ArnEquals: { 'aws:SourceArn': topic } },
  };

  it.each<[string, Record<string, unknown>, Principal, string, string, Record<string, unknown>]>([
    [
      'AWS::SQS::QueuePolicy',
      { Queues: [queueUrl], PolicyDocument: policy({ Action: 'sqs:SendMessage', ...forTopic }) },
      sns,
      'sqs',
      'SendMessage',
      { QueueUrl: queueUrl },
    ],
    [
      'AWS::SQS::QueueInlinePolicy',
      { Queue: queueUrl, PolicyDocument: policy({ Action: 'sqs:SendMessage', ...forRole }) },
      feed,
      'sqs',
      'SendMessage',
      { QueueUrl: queueUrl },
    ],
    [
      'AWS::SNS::TopicPolicy',
      { Topics: [topic], PolicyDocument: policy({ Action: 'sns:Publish', ...forRole, Resource: topic }) },
      feed,
      'sns',
      'Publish',
      { TopicArn: topic },
    ],
    [
      'AWS::SNS::TopicInlinePolicy',
      { TopicArn: topic, PolicyDocument: policy({ Action: 'sns:Publish', ...forRole }) },
      feed,
      'sns',
      'Publish',
      { TopicArn: topic },
    ],
    [
      'AWS::Kinesis::ResourcePolicy',
      {
        ResourceArn: arnOf('kinesis', 'stream/s'),
        ResourcePolicy: policy({ Action: 'kinesis:PutRecord', ...forRole }),
      },
      feed,
      'kinesis',
      'PutRecord',
      { StreamName: 's' },
    ],
    [
      'AWS::SecretsManager::ResourcePolicy',
      { SecretId: secret, ResourcePolicy: policy({ Action: 'secretsmanager:GetSecretValue', ...forRole }) },
      feed,
      'secretsmanager',
      'GetSecretValue',
      { SecretId: secret },
    ],
    [
      'AWS::Events::EventBus',
      { Policy: policy({ Action: 'events:PutEvents', ...forRole }) },
      feed,
      'events',
      'PutEvents',
      { Entries: [{ EventBusName: 'posts' }] },
    ],
    [
      'AWS::Events::EventBusPolicy',
      {
        EventBusName: 'own',
        StatementId: 'a',
        Statement: { Effect: 'Allow', Action: 'events:PutEvents', Resource: bus, ...forRole },
      },
      feed,
      'events',
      'PutEvents',
      { Entries: [{ EventBusName: 'own' }] },
    ],
    [
      'AWS::Events::EventBusPolicy',
      { EventBusName: 'own', StatementId: 'a', Action: 'events:PutEvents', Principal: '*' },
      feed,
      'events',
      'PutEvents',
      { Entries: [{ EventBusName: bus }] },
    ],
    [
      'AWS::DynamoDB::Table',
      {
        ResourcePolicy: {
          PolicyDocument: policy({ Action: 'dynamodb:Query', Resource: `${table}/index/*`, ...forRole }),
        },
      },
      feed,
      'dynamodb',
      'Query',
      { TableName: 'posts', IndexName: 'byTag' },
    ],
    [
      'AWS::DynamoDB::Table',
      {
        StreamSpecification: {
          ResourcePolicy: { PolicyDocument: policy({ Action: 'dynamodb:GetRecords', ...forRole }) },
        },
      },
      feed,
      'dynamodbstreams',
      'GetRecords',
      { ShardIterator: `${table}/stream/x|1` },
    ],
    [
      'AWS::DynamoDB::GlobalTable',
      {
        Replicas: [
          { Region: 'eu-west-1', ResourcePolicy: { PolicyDocument: policy({ Action: 'dynamodb:Query', ...forRole }) } },
        ],
      },
      feed,
      'dynamodb',
      'Query',
      { TableName: 'posts' },
    ],
    [
      'AWS::KMS::Key',
      { KeyPolicy: policy({ Action: 'kms:Encrypt', ...forRole }) },
      feed,
      'kms',
      'Encrypt',
      { KeyId: 'posts' },
    ],
  ])('%s lets in whom it names', (type, properties, principal, service, operation, input) => {
    const attached = resource(type, 'posts', properties);
    expect(answer(iamOf([role('Feed'), attached]), principal, service, operation, input)).toBe('allowed');
    expect(answer(iamOf([role('Feed')]), principal, service, operation, input)).toMatch(/^A\w+ 40[03] User: /);
  });

  it('keeps a topic out of a queue that lets another in', () => {
    const attached = resource('AWS::SQS::QueuePolicy', 'Q', {
      Queues: [queueUrl],
      PolicyDocument: policy({ Action: 'sqs:SendMessage', ...forTopic }),
    });
    const other: Principal = { kind: 'service', service: 'sns.amazonaws.com', sourceArn: arnOf('sns', 'other') };
    expect(answer(iamOf([attached]), other, 'sqs', 'SendMessage', { QueueUrl: queueUrl })).toBe(
      `AccessDenied 403 User: sns.amazonaws.com is not authorized to perform: sqs:sendmessage on resource: ${arnOf('sqs', 'work')} because no resource-based policy allows the sqs:sendmessage action`,
    );
  });

  it('keys decide themselves, and leave it to the account where they say so, or have no policy', () => {
    const encrypt = (resources: Parameters<typeof iamOf>[0]) =>
      answer(iamOf(resources), feed, 'kms', 'Encrypt', { KeyId: 'k' });
    const key = (statement: object) =>
      resource('AWS::KMS::Key', 'k', { KeyPolicy: policy({ Action: 'kms:*', ...statement }) });
    const mayEncrypt = roleThatMay('Feed', { Action: 'kms:Encrypt' });
    const root = { Principal: { AWS: iamArn('root') } };
    expect(encrypt([mayEncrypt, key(root)])).toBe('allowed');
    expect(encrypt([mayEncrypt])).toBe('allowed');
    expect(encrypt([role('Feed'), key(root)])).toContain(
      'because no identity-based policy allows the kms:Encrypt action',
    );
    expect(encrypt([mayEncrypt, key({ Principal: { AWS: iamArn('role/Other') } })])).toContain(
      'because no resource-based policy allows the kms:Encrypt action',
    );
  });

  it('a role is assumed by whom it trusts', () => {
    const assume = (principal: object, ...statements: object[]) =>
      answer(
        iamOf([roleThatMay('Feed', ...statements), role('Target', { AssumeRolePolicyDocument: trust(principal) })]),
        feed,
        'sts',
        'AssumeRole',
        { RoleArn: iamArn('role/Target') },
      );
    const may = { Action: 'sts:AssumeRole' };
    const refused = `AccessDenied 403 User: arn:aws:sts::000000000000:assumed-role/Feed/feed is not authorized to perform: sts:AssumeRole on resource: ${iamArn('role/Target')}`;
    expect(assume({ AWS: iamArn('role/Feed') }, { Action: 'x:y' })).toBe('allowed');
    expect(assume({ AWS: iamArn('root') }, may)).toBe('allowed');
    expect(assume({ AWS: iamArn('root') }, { Action: 'x:y' })).toBe(refused);
    expect(assume({ Service: 'lambda.amazonaws.com' }, may)).toBe(refused);
  });
});
