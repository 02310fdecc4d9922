import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, GetItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Twin } from '../../local/twin/twin.ts';
import { physicalId } from '../support/aws-of-twin.ts';
import { runTwin } from '../support/running-twin.ts';
import { synthesizeApp } from '../support/synthesize-app.ts';

/** Runs an app below test/fixtures/apps for the tests of a `describe`. */
function runApp(name: string): { readonly twin: () => Twin } {
  let twin: Twin | undefined;
  let remove = (): void => {};
  beforeAll(async () => {
    const app = synthesizeApp(name);
    remove = app.remove;
    twin = await runTwin(app.directory);
  });
  afterAll(async () => {
    await twin?.close();
    remove();
  });
  return {
    twin: () => {
      if (twin === undefined) throw new Error(`app '${name}' does not run`);
      return twin;
    },
  };
}

function sdk(twin: Twin) {
  return {
    endpoint: twin.awsEndpointUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'me', secretAccessKey: 'x' },
  };
}

const JSON_TYPE = { 'Content-Type': 'application/json' };
const patiently = { timeout: 15_000, interval: 50 };

describe('a REST API with a table', () => {
  const { twin } = runApp('notes');
  const call = (path: string, init: RequestInit = {}) =>
    fetch(`${twin().apiUrl}${path}`, {
      ...init,
      headers: { 'x-api-key': 'a-key-of-twenty-characters', ...init.headers },
    });
  const put = (id: string, note: unknown) =>
    call(`/notes/${id}`, { method: 'PUT', headers: JSON_TYPE, body: JSON.stringify(note) });

  it('serves a function that bundles no SDK, with its index', async () => {
    expect((await put('one', { text: 'first', tag: 'red' })).status).toBe(204);
    expect(await (await call('/notes?tag=red')).json()).toEqual([{ id: 'one', text: 'first' }]);
  });

  it('tells another function what changed in the table', async () => {
    expect((await call('/notes/one', { method: 'DELETE' })).status).toBe(204);
    const client = new DynamoDBClient(sdk(twin()));
    const TableName = physicalId(twin(), 'AWS::DynamoDB::Table', 'History');
    const events = async () => {
      const { Items = [] } = await client.send(new ScanCommand({ TableName }));
      return Items.map(({ what, text }) => `${what?.S} ${text?.S}`).sort();
    };
    await expect.poll(events, patiently).toEqual(['INSERT first', 'REMOVE first']);
  });

  it('validates bodies, answers preflights and mocks', async () => {
    expect((await put('two', { text: '' })).status).toBe(400);
    const preflight = await fetch(`${twin().apiUrl}/notes`, { method: 'OPTIONS' });
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
    expect(await (await fetch(`${twin().apiUrl}/health`)).json()).toEqual({ motto: 'plain' });
  });

  it('asks for the key, and throttles by its plan', async () => {
    expect((await fetch(`${twin().apiUrl}/notes`)).status).toBe(403);
    const statuses = await Promise.all(Array.from({ length: 12 }, async () => (await call('/notes')).status));
    expect(statuses).toContain(429);
  });
});

describe('a queue worker with a dead-letter queue', () => {
  const { twin } = runApp('orders');
  const order = async (id: string) => {
    const client = new DynamoDBClient(sdk(twin()));
    const TableName = physicalId(twin(), 'AWS::DynamoDB::Table', 'Orders');
    const { Item } = await client.send(new GetItemCommand({ TableName, Key: { id: { S: id } } }));
    return Item && { greeting: Item.greeting?.S, times: Item.times?.N };
  };
  const post = (body: unknown) =>
    fetch(`${twin().apiUrl}/orders`, { method: 'POST', headers: JSON_TYPE, body: JSON.stringify(body) });

  it('takes an order from the API without a function into the table of another stack', async () => {
    const response = await post({ id: 'a & b=c' });
    expect([response.status, await response.json()]).toEqual([202, { accepted: true }]);
    await expect.poll(() => order('a & b=c'), patiently).toEqual({ greeting: 'thanks', times: '1' });
  });

  it('takes from the topic what its filter lets through', async () => {
    const client = new SNSClient(sdk(twin()));
    const TopicArn = physicalId(twin(), 'AWS::SNS::Topic', 'Topic');
    for (const kind of ['advert', 'order']) {
      const MessageAttributes = { kind: { DataType: 'String', StringValue: kind } };
      await client.send(new PublishCommand({ TopicArn, Message: JSON.stringify({ id: kind }), MessageAttributes }));
    }
    await expect.poll(() => order('order'), patiently).toMatchObject({ times: '1' });
    expect(await order('advert')).toBeUndefined();
  });

  it('sets aside what the worker cannot do, and goes on with the rest', async () => {
    await post({ id: 'poison' });
    await post({ id: 'after' });
    await expect.poll(() => order('after'), patiently).toMatchObject({ times: '1' });
    const client = new SQSClient(sdk(twin()));
    const QueueUrl = physicalId(twin(), 'AWS::SQS::Queue', 'Dead');
    const dead = async () => {
      const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 0 }));
      return Messages.map(({ Body }) => Body);
    };
    await expect.poll(dead, patiently).toEqual(['{"id":"poison"}']);
  });
});

describe('an HTTP API with a stream', () => {
  const { twin } = runApp('clicks');
  const clicks = async (page: string) => (await (await fetch(`${twin().apiUrl}/clicks/${page}`)).json()) as unknown;
  const post = (path: string, body: unknown) =>
    fetch(`${twin().apiUrl}${path}`, { method: 'POST', headers: JSON_TYPE, body: JSON.stringify(body) });

  it('counts clicks that a function put into the stream', async () => {
    for (let index = 0; index < 3; index += 1) {
      expect((await post('/clicks', { page: 'a/b' })).status).toBe(202);
    }
    await expect.poll(() => clicks('a/b'), patiently).toEqual({ page: 'a/b', clicks: 3 });
  });

  it('makes metrics of what functions log in the embedded metric format', async () => {
    const client = new CloudWatchClient(sdk(twin()));
    const now = Date.now();
    const { Datapoints } = await client.send(
      new GetMetricStatisticsCommand({
        Namespace: 'Clicks',
        MetricName: 'Taken',
        StartTime: new Date(now - 600_000),
        EndTime: new Date(now + 60_000),
        Period: 3_600,
        Statistics: ['Sum'],
      }),
    );
    expect(Datapoints?.map(({ Sum }) => Sum)).toEqual([3]);
  });

  it('takes records without a function, and filters what the consumer does not want', async () => {
    const record = (kind: string) => Buffer.from(JSON.stringify({ kind, page: 'raw' })).toString('base64');
    for (const kind of ['view', 'click']) {
      expect((await post('/raw', { page: 'raw', record: record(kind) })).status).toBe(200);
    }
    await expect.poll(() => clicks('raw'), patiently).toEqual({ page: 'raw', clicks: 1 });
  });

  it('answers preflights by its own rules', async () => {
    const headers = { Origin: 'https://example.com', 'Access-Control-Request-Method': 'POST' };
    const response = await fetch(`${twin().apiUrl}/clicks`, { method: 'OPTIONS', headers });
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([
      204,
      'https://example.com',
    ]);
  });
});
