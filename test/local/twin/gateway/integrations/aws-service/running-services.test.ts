import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MethodFixture } from '../../../../../support/rest-api-resources.ts';
import { accountId, type RunningAws, region, runAws } from '../../../../../support/running-aws.ts';
import { startTestGateway } from '../../../../../support/test-gateway.ts';

let running: RunningAws;
beforeAll(async () => {
  running = await runAws();
});
afterAll(() => running.aws.close());

const JSON_TYPE = 'application/json';
const send = (body: unknown) => ({
  method: 'POST',
  body: JSON.stringify(body),
  headers: { 'content-type': JSON_TYPE },
});

function method(service: string, template: string, more: object = {}): MethodFixture {
  return {
    route: 'POST /things',
    integration: {
      ...{ Type: 'AWS', IntegrationHttpMethod: 'POST', Credentials: `arn:aws:iam::${accountId}:role/gateway` },
      Uri: `arn:aws:apigateway:${region}:${service}`,
      RequestTemplates: { [JSON_TYPE]: template },
      IntegrationResponses: [{ StatusCode: '200' }, { StatusCode: '400', SelectionPattern: '4\\d{2}' }],
      ...more,
    },
  };
}
const start = (fixture: MethodFixture) =>
  startTestGateway({ methods: [fixture] }, {}, { callAws: running.aws.call, region, accountId });

describe('a REST API without functions', () => {
  test('queues what it gets', async () => {
    const { get } = await start(
      method(`sqs:path/${accountId}/work`, 'Action=SendMessage&MessageBody=$util.urlEncode($input.body)', {
        RequestParameters: { 'integration.request.header.Content-Type': "'application/x-www-form-urlencoded'" },
      }),
    );
    const answer = await get('/things', send({ text: 'ä & ö' }));
    expect([answer.status, answer.json]).toMatchObject([200, { SendMessageResponse: { SendMessageResult: {} } }]);
    const QueueUrl = `https://sqs.${region}.amazonaws.com/${accountId}/work`;
    const { Messages } = await running.aws.call('sqs', 'ReceiveMessage', { QueueUrl });
    expect(Messages).toEqual([expect.objectContaining({ Body: '{"text":"ä & ö"}' })]);
  });

  test('puts records into a stream', async () => {
    const template = `{
      "StreamName": "events", "PartitionKey": "$input.path('$.user')", "Data": "$util.base64Encode($input.json('$.data'))"
    }`;
    const { get } = await start(method('kinesis:action/PutRecord', template));
    const { json } = await get('/things', send({ user: 'ada', data: { a: 1 } }));
    expect(json).toMatchObject({ SequenceNumber: expect.any(String), ShardId: expect.any(String) });
    const { ShardIterator } = await running.aws.call('kinesis', 'GetShardIterator', {
      ...{ StreamName: 'events', ShardIteratorType: 'TRIM_HORIZON' },
      ShardId: (json as { ShardId: string }).ShardId,
    });
    const { Records } = await running.aws.call('kinesis', 'GetRecords', { ShardIterator });
    expect(Records).toEqual([
      expect.objectContaining({ PartitionKey: 'ada', Data: Buffer.from('{"a":1}').toString('base64') }),
    ]);
  });

  test('writes an item, and says what a table refuses', async () => {
    const template = `{"TableName":"posts","Item":{"author":{"S":"ada"},"$input.path('$.key')":{"S":"1"}}}`;
    const { get } = await start(method('dynamodb:action/PutItem', template));
    expect((await get('/things', send({ key: 'post' }))).status).toBe(200);
    const { Item } = await running.aws.call('dynamodb', 'GetItem', {
      TableName: 'posts',
      Key: { author: { S: 'ada' }, post: { S: '1' } },
    });
    expect(Item).toMatchObject({ post: { S: '1' } });
    const refused = await get('/things', send({ key: 'other' }));
    expect([refused.status, refused.json]).toMatchObject([
      400,
      { __type: expect.stringMatching(/ValidationException/) },
    ]);
  });
});
