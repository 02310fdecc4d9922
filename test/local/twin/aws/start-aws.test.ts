import { CreateTableCommand, DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountId, queueArn, type RunningAws, runAws } from '../../../support/running-aws.ts';

describe('aws endpoint', () => {
  let running: RunningAws;

  beforeAll(async () => {
    running = await runAws();
  });
  afterAll(() => running.aws.close());

  describe('DynamoDB', () => {
    it('has the tables of the template', async () => {
      const dynamo = new DynamoDBClient(running.clientOptions());
      const Item = { author: { S: 'ada' }, post: { S: '1' } };
      await dynamo.send(new PutItemCommand({ TableName: 'posts', Item }));
      expect((await dynamo.send(new ScanCommand({ TableName: 'posts', IndexName: 'byPost' }))).Items).toEqual([Item]);
    });

    it('answers errors as AWS does', async () => {
      const dynamo = new DynamoDBClient(running.clientOptions());
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

  describe('CloudWatch', () => {
    it('knows how long messages wait, and who is throttled', async () => {
      await running.aws.call('sqs', 'CreateQueue', { QueueName: 'measured' });
      await running.aws.call('sqs', 'SendMessage', { QueueUrl: 'measured', MessageBody: 'one' });
      const highest = async (Namespace: string, MetricName: string, Name: string, Value: string) => {
        const Metric = { Namespace, MetricName, Dimensions: [{ Name, Value }] };
        const { MetricDataResults } = await running.aws.call('cloudwatch', 'GetMetricData', {
          StartTime: Date.now() / 1_000 - 300,
          EndTime: Date.now() / 1_000 + 1,
          MetricDataQueries: [{ Id: 'm', MetricStat: { Metric, Period: 60, Stat: 'Maximum' } }],
        });
        return (MetricDataResults as { Values: number[] }[])[0]?.Values;
      };
      expect(await highest('AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'QueueName', 'measured')).toEqual([1]);
      expect(await highest('AWS/SQS', 'ApproximateAgeOfOldestMessage', 'QueueName', 'measured')).toEqual([0]);
    });
  });

  describe('SQS', () => {
    it('has the queues of the template, with URLs that lead to the endpoint', async () => {
      const { QueueUrl } = await running.aws.call('sqs', 'GetQueueUrl', { QueueName: 'work' });
      expect(QueueUrl).toBe(`${running.aws.url}/000000000000/work`);
      const { Attributes } = await running.aws.call('sqs', 'GetQueueAttributes', {
        QueueUrl,
        AttributeNames: ['All'],
      });
      expect(Attributes).toMatchObject({ VisibilityTimeout: '1', QueueArn: queueArn('work') });
      expect(JSON.parse((Attributes as Record<string, string>).RedrivePolicy ?? '')).toMatchObject({
        maxReceiveCount: 1,
      });
    });

    it('sends, receives and deletes', async () => {
      const QueueUrl = `${running.aws.url}/${accountId}/dead`;
      await running.aws.call('sqs', 'SendMessageBatch', {
        QueueUrl,
        Entries: [
          { Id: 'a', MessageBody: 'one' },
          { Id: 'b', MessageBody: 'two' },
        ],
      });
      const { Messages } = await running.aws.call('sqs', 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 });
      const received = Messages as { readonly Body: string; readonly ReceiptHandle: string }[];
      expect(received.map(({ Body }) => Body).sort()).toEqual(['one', 'two']);
      for (const { ReceiptHandle } of received)
        await running.aws.call('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle });
      const { Attributes } = await running.aws.call('sqs', 'GetQueueAttributes', {
        QueueUrl,
        AttributeNames: ['All'],
      });
      expect(Attributes).toMatchObject({
        ApproximateNumberOfMessages: '0',
        ApproximateNumberOfMessagesNotVisible: '0',
      });
    });
  });

  it('fails on a service that it does not have, by target or by credential', async () => {
    await expect(running.aws.call('route53', 'ListHostedZones', {})).rejects.toThrow(
      /^the twin does not know the service 'route53' \(operation ListHostedZones\); it knows .*dynamodb, .*kinesis,/,
    );
    const Authorization =
      'AWS4-HMAC-SHA256 Credential=X/20260101/eu-west-1/states/aws4_request, SignedHeaders=host, Signature=0';
    const response = await fetch(`${running.aws.url}/bucket`, { headers: { Authorization } });
    expect(response.status).toBe(400);
    expect(response.headers.get('x-amzn-errortype')).toBe('UnknownOperationException');
    expect(await response.text()).toContain("does not know the service 'states'; it knows ");
  });

  it('fails on a request that nothing signed, as a browser sends it, in words for who reads that', async () => {
    expect(await (await fetch(running.aws.url)).text()).toContain(
      'the request names no service, neither by X-Amz-Target nor by a signature; this endpoint is for SDK clients, and knows ',
    );
  });

  it('fails on a path that is not percent-encoded UTF-8, as a fault of the caller', async () => {
    const Authorization =
      'AWS4-HMAC-SHA256 Credential=X/20260101/eu-west-1/lambda/aws4_request, SignedHeaders=host, Signature=0';
    const url = `${running.aws.url}/2015-03-31/functions/%zz/invocations`;
    const response = await fetch(url, { method: 'POST', headers: { Authorization } });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain("the path has '%zz', which is not percent-encoded UTF-8");
  });

  it('fails on an operation that a service does not have, naming those that it has', async () => {
    await expect(running.aws.call('kinesis', 'SplitStream', {})).rejects.toThrow(
      'the twin does not know kinesis:SplitStream; it knows AddTagsToStream, CreateStream,',
    );
  });

  it('fails on a missing member, as AWS does', async () => {
    await expect(running.aws.call('secretsmanager', 'GetSecretValue', {})).rejects.toThrow(
      "1 validation error detected: Value null at 'secretId' failed to satisfy constraint: Member must not be null",
    );
  });
});
