import { CreateTableCommand, DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import {
  DescribeSecretCommand,
  GetRandomPasswordCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ResolvedResource } from '../../../../local/twin/assembly/resolved-resource.ts';
import { provision } from '../../../../local/twin/aws/provision.ts';
import { Rotation } from '../../../../local/twin/aws/rotation.ts';
import { type Aws, startAws } from '../../../../local/twin/aws/start-aws.ts';
import type { Invoke } from '../../../../local/twin/functions/invoke.ts';

const region = 'eu-west-1';
const accountId = '000000000000';

function resource(type: string, physicalId: string, properties: Record<string, unknown>): ResolvedResource {
  return { logicalId: physicalId, physicalId, stackName: 'Stack', type, path: physicalId, properties, metadata: {} };
}

const secretArn = `arn:aws:secretsmanager:${region}:${accountId}:secret:database-a1b2c3`;
const queueArn = (name: string) => `arn:aws:sqs:${region}:${accountId}:${name}`;
const resources: ResolvedResource[] = [
  resource('AWS::DynamoDB::GlobalTable', 'posts', {
    AttributeDefinitions: [
      { AttributeName: 'author', AttributeType: 'S' },
      { AttributeName: 'post', AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: 'author', KeyType: 'HASH' },
      { AttributeName: 'post', KeyType: 'RANGE' },
    ],
    BillingMode: 'PAY_PER_REQUEST',
    GlobalSecondaryIndexes: [
      {
        IndexName: 'byPost',
        KeySchema: [{ AttributeName: 'post', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'KEYS_ONLY' },
        WriteProvisionedThroughputSettings: {},
      },
    ],
    Replicas: [{ Region: region }],
  }),
  resource('AWS::Kinesis::Stream', 'events', { StreamModeDetails: { StreamMode: 'ON_DEMAND' } }),
  resource('AWS::SecretsManager::Secret', secretArn, {
    GenerateSecretString: { SecretStringTemplate: '{"user":"ada"}', GenerateStringKey: 'password', PasswordLength: 20 },
  }),
  resource('AWS::SQS::Queue', `https://sqs.${region}.amazonaws.com/${accountId}/work`, {
    VisibilityTimeout: 1,
    RedrivePolicy: { deadLetterTargetArn: queueArn('dead'), maxReceiveCount: 1 },
  }),
  resource('AWS::SQS::Queue', `https://sqs.${region}.amazonaws.com/${accountId}/dead`, {}),
];

describe('aws endpoint', () => {
  let aws: Aws;
  let invoke: Invoke = async () => ({ ok: true, payload: null });
  const log: string[] = [];

  beforeAll(async () => {
    aws = await startAws(resources, {
      region,
      accountId,
      nowMs: Date.now,
      rotation: (store) =>
        new Rotation({
          store,
          invoke: (name, event) => invoke(name, event),
          nowMs: Date.now,
          log: (line) => log.push(line),
        }),
    });
    await provision(resources, aws);
  });
  afterAll(() => aws.close());

  function options() {
    const credentials = { accessKeyId: 'ASIATWIN000000000001', secretAccessKey: 'twin', sessionToken: 'twin' };
    return { endpoint: aws.url, region, credentials, maxAttempts: 1, requestHandler: new NodeHttpHandler() };
  }

  async function call(target: string, input: unknown): Promise<Record<string, unknown>> {
    return aws.client(target, input);
  }

  describe('DynamoDB', () => {
    it('has the tables of the template', async () => {
      const dynamo = new DynamoDBClient(options());
      const Item = { author: { S: 'ada' }, post: { S: '1' } };
      await dynamo.send(new PutItemCommand({ TableName: 'posts', Item }));
      expect((await dynamo.send(new ScanCommand({ TableName: 'posts', IndexName: 'byPost' }))).Items).toEqual([Item]);
    });

    it('answers errors as AWS does', async () => {
      const dynamo = new DynamoDBClient(options());
      await expect(dynamo.send(new ScanCommand({ TableName: 'nothing' }))).rejects.toMatchObject({
        name: 'ResourceNotFoundException',
      });
      await expect(
        dynamo.send(
          new CreateTableCommand({
            TableName: 'posts',
            BillingMode: 'PAY_PER_REQUEST',
            AttributeDefinitions: [{ AttributeName: 'a', AttributeType: 'S' }],
            KeySchema: [{ AttributeName: 'a', KeyType: 'HASH' }],
          }),
        ),
      ).rejects.toMatchObject({ name: 'ResourceInUseException' });
    });
  });

  describe('Kinesis', () => {
    const StreamName = 'events';

    it('has four shards where the stream is on demand', async () => {
      const kinesis = new KinesisClient(options());
      const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName }));
      expect(Shards.map(({ ShardId }) => ShardId)).toEqual([0, 1, 2, 3].map((index) => `shardId-00000000000${index}`));
      expect(Shards.at(-1)?.HashKeyRange?.EndingHashKey).toBe(String((1n << 128n) - 1n));
    });

    it('keeps the records of a key in order on one shard, and reads on from an iterator', async () => {
      const kinesis = new KinesisClient(options());
      const text = (number: number) => Buffer.from(`record ${number}`);
      const first = await kinesis.send(new PutRecordCommand({ StreamName, PartitionKey: 'ada', Data: text(1) }));
      const more = await kinesis.send(
        new PutRecordsCommand({
          StreamARN: `arn:aws:kinesis:${region}:${accountId}:stream/${StreamName}`,
          Records: [2, 3].map((number) => ({ PartitionKey: 'ada', Data: text(number) })),
        }),
      );
      expect(more.FailedRecordCount).toBe(0);
      expect(new Set(more.Records?.map(({ ShardId }) => ShardId))).toEqual(new Set([first.ShardId]));
      const { ShardIterator } = await kinesis.send(
        new GetShardIteratorCommand({ StreamName, ShardId: first.ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
      );
      const page = await kinesis.send(new GetRecordsCommand({ ShardIterator, Limit: 2 }));
      const rest = await kinesis.send(new GetRecordsCommand({ ShardIterator: page.NextShardIterator }));
      const read = [...(page.Records ?? []), ...(rest.Records ?? [])];
      expect(read.map(({ Data }) => Buffer.from(Data ?? []).toString())).toEqual(['record 1', 'record 2', 'record 3']);
      expect(read[0]?.ApproximateArrivalTimestamp?.getTime()).toBeGreaterThan(Date.now() - 60_000);
    });

    it.each([
      ['AT_SEQUENCE_NUMBER', ['two', 'three']],
      ['AFTER_SEQUENCE_NUMBER', ['three']],
      ['LATEST', []],
    ] as const)('starts at %s', async (ShardIteratorType, expected) => {
      const kinesis = new KinesisClient(options());
      const put = (text: string) =>
        kinesis.send(new PutRecordCommand({ StreamName, PartitionKey: ShardIteratorType, Data: Buffer.from(text) }));
      await put('one');
      const { ShardId, SequenceNumber } = await put('two');
      await put('three');
      const { ShardIterator } = await kinesis.send(
        new GetShardIteratorCommand({
          StreamName,
          ShardId,
          ShardIteratorType,
          ...(ShardIteratorType !== 'LATEST' && { StartingSequenceNumber: SequenceNumber }),
        }),
      );
      const { Records = [] } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
      expect(Records.map(({ Data }) => Buffer.from(Data ?? []).toString())).toEqual(expected);
    });

    it('fails on a stream that does not exist', async () => {
      const kinesis = new KinesisClient(options());
      const put = new PutRecordCommand({ StreamName: 'nothing', PartitionKey: 'a', Data: Buffer.from('x') });
      await expect(kinesis.send(put)).rejects.toMatchObject({
        name: 'ResourceNotFoundException',
        message: 'Stream nothing under account 000000000000 not found.',
      });
    });
  });

  describe('Secrets Manager', () => {
    it('generates the secret of the template', async () => {
      const secrets = new SecretsManagerClient(options());
      const {
        SecretString = '',
        Name,
        VersionStages,
      } = await secrets.send(new GetSecretValueCommand({ SecretId: secretArn }));
      expect(JSON.parse(SecretString)).toEqual({ user: 'ada', password: expect.stringMatching(/^.{20}$/) });
      expect([Name, VersionStages]).toEqual(['database', ['AWSCURRENT']]);
    });

    it('moves the labels when a new version becomes current', async () => {
      const secrets = new SecretsManagerClient(options());
      const before = await secrets.send(new GetSecretValueCommand({ SecretId: 'database' }));
      const { VersionId } = await secrets.send(
        new PutSecretValueCommand({ SecretId: 'database', SecretString: 'next', VersionStages: ['AWSPENDING'] }),
      );
      const pending = await secrets.send(
        new GetSecretValueCommand({ SecretId: 'database', VersionStage: 'AWSPENDING' }),
      );
      expect(pending.SecretString).toBe('next');
      await secrets.send(
        new UpdateSecretVersionStageCommand({
          SecretId: 'database',
          VersionStage: 'AWSCURRENT',
          MoveToVersionId: VersionId,
          RemoveFromVersionId: before.VersionId,
        }),
      );
      expect((await secrets.send(new GetSecretValueCommand({ SecretId: 'database' }))).SecretString).toBe('next');
      const { VersionIdsToStages } = await secrets.send(new DescribeSecretCommand({ SecretId: 'database' }));
      expect(VersionIdsToStages).toEqual({
        [String(before.VersionId)]: ['AWSPREVIOUS'],
        [String(VersionId)]: ['AWSPENDING', 'AWSCURRENT'],
      });
    });

    it('fails to move a label away from a version that the caller does not name', async () => {
      const secrets = new SecretsManagerClient(options());
      const { VersionIdsToStages = {} } = await secrets.send(new DescribeSecretCommand({ SecretId: 'database' }));
      const previous = Object.keys(VersionIdsToStages).find((id) => VersionIdsToStages[id]?.includes('AWSPREVIOUS'));
      const update = { SecretId: 'database', VersionStage: 'AWSCURRENT', MoveToVersionId: previous };
      await expect(secrets.send(new UpdateSecretVersionStageCommand(update))).rejects.toMatchObject({
        name: 'InvalidParameterException',
      });
    });

    it('fails on a secret that does not exist', async () => {
      const secrets = new SecretsManagerClient(options());
      await expect(secrets.send(new GetSecretValueCommand({ SecretId: 'nothing' }))).rejects.toMatchObject({
        name: 'ResourceNotFoundException',
        message: "Secrets Manager can't find the specified secret.",
      });
    });

    it('makes random passwords', async () => {
      const secrets = new SecretsManagerClient(options());
      const { RandomPassword } = await secrets.send(new GetRandomPasswordCommand({ PasswordLength: 12 }));
      expect(RandomPassword).toHaveLength(12);
    });

    it('rotates by calling the function in four steps, with a pending version that has no value yet', async () => {
      const secrets = new SecretsManagerClient(options());
      const steps: unknown[] = [];
      const { rotation } = aws;
      const schedule = {
        SecretId: secretArn,
        RotationLambdaARN: 'arn:rotate',
        RotationRules: { AutomaticallyAfterDays: 30 },
      };
      const secret = rotation.attach(resource('AWS::SecretsManager::RotationSchedule', 'schedule', schedule));
      expect(secret?.name).toBe('database');
      invoke = async (functionArn, event) => {
        const { Step, SecretId, ClientRequestToken } = event as Record<string, string>;
        steps.push([functionArn, Step]);
        const { VersionIdsToStages } = await secrets.send(new DescribeSecretCommand({ SecretId }));
        expect(VersionIdsToStages?.[ClientRequestToken ?? '']).toContain('AWSPENDING');
        if (Step === 'createSecret') {
          const pending = { SecretId, VersionId: ClientRequestToken, VersionStage: 'AWSPENDING' };
          await expect(secrets.send(new GetSecretValueCommand(pending))).rejects.toMatchObject({
            name: 'ResourceNotFoundException',
          });
          const value = { SecretId, ClientRequestToken, SecretString: 'rotated', VersionStages: ['AWSPENDING'] };
          await secrets.send(new PutSecretValueCommand(value));
        }
        return { ok: true, payload: null };
      };
      if (secret) expect(await rotation.rotate(secret)).toBe(true);
      expect(steps).toEqual(
        ['createSecret', 'setSecret', 'testSecret', 'finishSecret'].map((step) => ['arn:rotate', step]),
      );
    });

    it('stops a rotation at the step that fails, and says so', async () => {
      const secrets = new SecretsManagerClient(options());
      invoke = async () => ({ ok: false, kind: 'failed', errorType: 'Error', errorMessage: 'no' });
      await secrets.send(new RotateSecretCommand({ SecretId: 'database' }));
      await expect
        .poll(() => log.at(-1))
        .toBe("the rotation of secret 'database' failed in its step createSecret: Error: no");
    });
  });

  describe('SQS', () => {
    it('has the queues of the template, with URLs that lead to the endpoint', async () => {
      const { QueueUrl } = await call('AmazonSQS.GetQueueUrl', { QueueName: 'work' });
      expect(QueueUrl).toBe(`${aws.url}/000000000000/work`);
      const { Attributes } = await call('AmazonSQS.GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] });
      expect(Attributes).toMatchObject({ VisibilityTimeout: '1', QueueArn: queueArn('work') });
      expect(JSON.parse((Attributes as Record<string, string>).RedrivePolicy ?? '')).toMatchObject({
        maxReceiveCount: 1,
      });
    });

    it('sends, receives and deletes', async () => {
      const QueueUrl = `${aws.url}/${accountId}/dead`;
      await call('AmazonSQS.SendMessageBatch', {
        QueueUrl,
        Entries: [
          { Id: 'a', MessageBody: 'one' },
          { Id: 'b', MessageBody: 'two' },
        ],
      });
      const { Messages } = await call('AmazonSQS.ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 });
      const received = Messages as { readonly Body: string; readonly ReceiptHandle: string }[];
      expect(received.map(({ Body }) => Body).sort()).toEqual(['one', 'two']);
      for (const { ReceiptHandle } of received) await call('AmazonSQS.DeleteMessage', { QueueUrl, ReceiptHandle });
      const { Attributes } = await call('AmazonSQS.GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] });
      expect(Attributes).toMatchObject({
        ApproximateNumberOfMessages: '0',
        ApproximateNumberOfMessagesNotVisible: '0',
      });
    });
  });

  it('fails on a service that it does not have, by target or by credential', async () => {
    await expect(call('AmazonSSM.GetParameter', { Name: 'x' })).rejects.toThrow(
      "AmazonSSM.GetParameter: UnknownOperationException: the twin does not know the service 'ssm' (operation GetParameter); " +
        'it knows dynamodb, kinesis, secretsmanager, sqs',
    );
    const Authorization =
      'AWS4-HMAC-SHA256 Credential=X/20260101/eu-west-1/s3/aws4_request, SignedHeaders=host, Signature=0';
    const response = await fetch(`${aws.url}/bucket`, { headers: { Authorization } });
    expect(response.status).toBe(400);
    expect(response.headers.get('x-amzn-errortype')).toBe('UnknownOperationException');
    expect(await response.text()).toContain("the service 's3' (operation GET /bucket)");
  });

  it('fails on an operation that a service does not have, naming those that it has', async () => {
    await expect(call('Kinesis_20131202.SplitShard', {})).rejects.toThrow(
      'UnknownOperationException: the twin does not know kinesis:SplitShard; it knows CreateStream,',
    );
  });

  it('fails on a missing member, as AWS does', async () => {
    await expect(call('secretsmanager.GetSecretValue', {})).rejects.toThrow(
      "ValidationException: 1 validation error detected: Value at 'SecretId' failed to satisfy constraint: Member must not be null",
    );
  });
});
