import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AwsError } from '../../../../../local/twin/aws/aws-error.ts';
import { type RunningAws, runAws } from '../../../../support/running-aws.ts';
import { startTestHttpApi } from '../../../../support/test-http-api.ts';

const CredentialsArn = 'arn:aws:iam::000000000000:role/gateway';
const QueueUrl = 'https://sqs.eu-west-1.amazonaws.com/000000000000/work';

let running: RunningAws;
beforeAll(async () => {
  running = await runAws();
});
afterAll(() => running.aws.close());

function fixture(IntegrationSubtype: string, RequestParameters: Record<string, string>, more = {}) {
  const integration = {
    IntegrationType: 'AWS_PROXY',
    PayloadFormatVersion: '1.0',
    IntegrationSubtype,
    CredentialsArn,
    RequestParameters,
    ...more,
  };
  return { routes: [{ key: 'POST /things/{id}', integration }] };
}

const post = (body: string, headers = {}) => ({ method: 'POST', body, headers });

/** An API whose calls of services are kept. */
async function startRecording(subtype: string, parameters: Record<string, string>, answer: object | Error = {}) {
  const calls: unknown[][] = [];
  const api = await startTestHttpApi(
    fixture(subtype, parameters),
    {},
    {
      callAws: async (...call) => {
        calls.push(call.slice(0, 4));
        if (answer instanceof Error) throw answer;
        return { ...answer };
      },
    },
  );
  return { ...api, awsCalls: calls };
}

describe('serviceIntegration', () => {
  test('sends a message to a queue, and answers in the XML of SQS', async () => {
    const { call } = running.aws;
    const { get } = await startTestHttpApi(
      fixture('SQS-SendMessage', { QueueUrl, MessageBody: '$request.body.message' }),
      {},
      { callAws: call },
    );
    const answer = await get('/things/7', post('{"message":"hello"}'));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/xml');
    expect(answer.text).toMatch(/<SendMessageResponse .*<SendMessageResult>.*<MessageId>[\w-]+<\/MessageId>/);
    const received = await call('sqs', 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 });
    expect(received.Messages).toEqual([expect.objectContaining({ Body: 'hello' })]);
  });

  test('puts a record, whose data the caller sends in base64', async () => {
    const { get } = await startTestHttpApi(
      fixture('Kinesis-PutRecord', {
        StreamName: 'events',
        Data: '$request.body.data',
        PartitionKey: '$request.path.id',
      }),
      {},
      { callAws: running.aws.call },
    );
    const answer = await get('/things/7', post(JSON.stringify({ data: btoa('hello') })));
    expect(answer.json).toMatchObject({ SequenceNumber: expect.any(String), ShardId: expect.any(String) });
  });

  test('calls as the role of the integration, with values of their types', async () => {
    const { get, awsCalls } = await startRecording('SQS-SendMessage', {
      QueueUrl,
      MessageBody: '$request.body',
      DelaySeconds: '5',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: that is how API Gateway embeds expressions.
      MessageAttributes: '{"who":{"DataType":"String","StringValue":"${request.header.x-who}"}}',
      MessageDeduplicationId: '$context.requestId',
      MessageGroupId: 'default',
      Region: 'eu-west-1',
    });
    const answer = await get('/things/7', post('raw', { 'X-Who': 'ada' }));
    expect(awsCalls).toEqual([
      [
        'sqs',
        'SendMessage',
        {
          QueueUrl,
          MessageBody: 'raw',
          DelaySeconds: 5,
          MessageAttributes: { who: { DataType: 'String', StringValue: 'ada' } },
          MessageDeduplicationId: answer.headers.get('apigw-requestid'),
          MessageGroupId: 'default',
        },
        {
          kind: 'role',
          roleArn: CredentialsArn,
          sessionName: 'BackplaneAssumeRoleSession',
          assumedBy: 'apigateway.amazonaws.com',
        },
      ],
    ]);
  });

  test('puts an event on a bus', async () => {
    const { get, awsCalls } = await startRecording('EventBridge-PutEvents', {
      Source: 'shop',
      DetailType: '$request.querystring.type',
      Detail: '$request.body',
      Time: '2026-11-01T00:00:00Z',
      Resources: '["a"]',
    });
    await get('/things/7?type=Ordered', post('{"id":1}'));
    expect(awsCalls[0]?.[2]).toEqual({
      Entries: [
        {
          Source: 'shop',
          DetailType: 'Ordered',
          Detail: '{"id":1}',
          Time: Date.UTC(2026, 10, 1) / 1_000,
          Resources: ['a'],
        },
      ],
    });
  });

  test.each(['{}', '{"message":""}', 'no JSON'])('answers 400 to a body of %s that lacks a parameter', async (body) => {
    const { get, awsCalls } = await startRecording('SQS-SendMessage', {
      QueueUrl,
      MessageBody: '$request.body.message',
    });
    const message =
      'Unable to resolve property MessageBody from source $request.body.message. Please make sure that the request to API Gateway contains all the necessary fields specified in request parameters.';
    expect(await get('/things/7', post(body))).toMatchObject({ status: 400, json: { message } });
    expect(awsCalls).toEqual([]);
  });

  test('answers 500 where the service, or IAM, refuses', async () => {
    const error = new AwsError('AccessDeniedException', 'User is not authorized', { statusCode: 403 });
    const { get, access } = await startRecording('SQS-SendMessage', { QueueUrl, MessageBody: '$request.body' }, error);
    expect(await get('/things/7', post('x'))).toMatchObject({
      status: 500,
      json: { message: 'Internal Server Error' },
    });
    expect(access[0]?.refusal?.reason).toBe('SQS-SendMessage: AccessDeniedException: User is not authorized');
  });

  test.each<[string, Record<string, string>, object, string]>([
    [
      'StepFunctions-StartExecution',
      {},
      {},
      'IntegrationSubtype must be one of EventBridge-PutEvents, Kinesis-PutRecord, SQS-SendMessage, got "StepFunctions-StartExecution"',
    ],
    ['SQS-SendMessage', { QueueUrl }, {}, 'RequestParameters must be a map that has QueueUrl, MessageBody'],
    [
      'SQS-SendMessage',
      { QueueUrl, MessageBody: 'x', Other: 'y' },
      {},
      'RequestParameters must be a map of QueueUrl, ',
    ],
    ['SQS-SendMessage', { QueueUrl, MessageBody: '$request.cookie.a' }, {}, '$request has header, querystring, path'],
    [
      'SQS-SendMessage',
      { QueueUrl, MessageBody: 'x' },
      { CredentialsArn: undefined },
      'CredentialsArn must be a string',
    ],
  ])('fails on %s with %j', async (subtype, parameters, more, message) => {
    await expect(startTestHttpApi(fixture(subtype, parameters, more))).rejects.toThrow(message);
  });
});
