import { describe, expect, test } from 'vitest';
import { AwsError } from '../../../../../../local/twin/aws/aws-error.ts';
import type { CallAws } from '../../../../../../local/twin/aws/dispatcher.ts';
import type { RestApiFixture } from '../../../../../support/rest-api-resources.ts';
import { startTestGateway } from '../../../../../support/test-gateway.ts';

const JSON_TYPE = 'application/json';
const ROLE = 'arn:aws:iam::123456789012:role/sender';
const FORM = { 'integration.request.header.Content-Type': "'application/x-www-form-urlencoded'" };

function integration(service: string, more: Record<string, unknown>): RestApiFixture {
  const Uri = `arn:aws:apigateway:eu-west-1:${service}`;
  return {
    methods: [
      {
        route: 'POST /things/{id}',
        integration: {
          ...{ Type: 'AWS', IntegrationHttpMethod: 'POST', Credentials: ROLE, Uri },
          IntegrationResponses: [
            { StatusCode: '200' },
            { StatusCode: '400', SelectionPattern: '4\\d{2}' },
            { StatusCode: '503', SelectionPattern: '5\\d{2}' },
          ],
          ...more,
        },
      },
    ],
  };
}

/** Answers `output` and notes every call. */
function fakeAws(output: unknown) {
  const calls: unknown[][] = [];
  const callAws: CallAws = async (service, operation, input, principal) => {
    calls.push([service, operation, input, principal]);
    if (output instanceof Error) throw output;
    return output as Record<string, unknown>;
  };
  return { callAws, calls };
}
const send = (body = '{"text":"a b&c"}'): RequestInit => ({
  method: 'POST',
  body,
  headers: { 'content-type': JSON_TYPE },
});

describe('an AWS integration with SQS', () => {
  const template = { [JSON_TYPE]: `Action=SendMessage&MessageBody=$util.urlEncode($input.body)` };
  const sent = { MD5OfMessageBody: 'd1', MessageId: 'm1' };

  test('sends a form as the role, and gets JSON back', async () => {
    const { callAws, calls } = fakeAws(sent);
    const fixture = integration('sqs:path/123456789012/orders', {
      RequestParameters: FORM,
      RequestTemplates: template,
    });
    const gateway = await startTestGateway(fixture, {}, { callAws });
    const answer = await gateway.get('/things/7', send());
    expect(calls).toEqual([
      [
        'sqs',
        'SendMessage',
        { MessageBody: '{"text":"a b&c"}', QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/orders' },
        {
          kind: 'role',
          roleArn: ROLE,
          sessionName: 'BackplaneAssumeRoleSession',
          assumedBy: 'apigateway.amazonaws.com',
        },
      ],
    ]);
    expect([answer.status, answer.json]).toEqual([
      200,
      {
        SendMessageResponse: {
          SendMessageResult: {
            MD5OfMessageAttributes: null,
            MD5OfMessageSystemAttributes: null,
            SequenceNumber: null,
            ...sent,
          },
          ResponseMetadata: { RequestId: answer.headers.get('x-amzn-requestid') },
        },
      },
    ]);
  });

  test('may take its parameters from the query string, and its queue from the caller', async () => {
    const { callAws, calls } = fakeAws(sent);
    const RequestParameters = {
      'integration.request.querystring.Action': "'SendMessage'",
      'integration.request.querystring.MessageBody': 'method.request.body.text',
      'integration.request.querystring.DelaySeconds': "'5'",
      'integration.request.path.queue': 'method.request.path.id',
    };
    const gateway = await startTestGateway(
      integration('sqs:path/123456789012/{queue}', { RequestParameters }),
      {},
      { callAws },
    );
    await gateway.get('/things/orders', send());
    expect(calls[0]?.slice(1, 3)).toEqual([
      'SendMessage',
      {
        MessageBody: 'a b&c',
        DelaySeconds: 5,
        QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/orders',
      },
    ]);
  });

  test('writes attributes and batches out as the query API numbers them', async () => {
    const { callAws, calls } = fakeAws({});
    const form = new URLSearchParams({
      QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/q',
      'SendMessageBatchRequestEntry.2.Id': 'b',
      'SendMessageBatchRequestEntry.2.MessageBody': '2',
      'SendMessageBatchRequestEntry.1.Id': 'a',
      'SendMessageBatchRequestEntry.1.MessageBody': '1',
      'SendMessageBatchRequestEntry.1.MessageAttribute.1.Name': 'kind',
      'SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.DataType': 'String',
      'SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.StringValue': 'x',
    });
    const fixture = integration('sqs:action/SendMessageBatch', { RequestParameters: FORM });
    const gateway = await startTestGateway(fixture, {}, { callAws });
    await gateway.get('/things/1', send(String(form)));
    expect(calls[0]?.[2]).toEqual({
      QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/q',
      Entries: [
        { Id: 'a', MessageBody: '1', MessageAttributes: { kind: { DataType: 'String', StringValue: 'x' } } },
        { Id: 'b', MessageBody: '2' },
      ],
    });
  });

  test('speaks JSON where its headers say so', async () => {
    const { callAws, calls } = fakeAws(sent);
    const RequestParameters = {
      'integration.request.header.Content-Type': "'application/x-amz-json-1.0'",
      'integration.request.header.X-Amz-Target': "'AmazonSQS.SendMessage'",
    };
    const RequestTemplates = { [JSON_TYPE]: `{"MessageBody":"$util.escapeJavaScript($input.path('$.text'))"}` };
    const fixture = integration('sqs:path/123456789012/orders', { RequestParameters, RequestTemplates });
    const gateway = await startTestGateway(fixture, {}, { callAws });
    expect((await gateway.get('/things/1', send())).json).toEqual(sent);
    expect(calls[0]?.[2]).toEqual({
      MessageBody: 'a b&c',
      QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/orders',
    });
  });

  test('answers XML where the integration asks for it', async () => {
    const { callAws } = fakeAws(sent);
    const RequestParameters = { ...FORM, 'integration.request.header.Accept': "'application/xml'" };
    const fixture = integration('sqs:path/1/q', { RequestParameters, RequestTemplates: template });
    const gateway = await startTestGateway(fixture, {}, { callAws });
    expect((await gateway.get('/things/1', send())).text).toMatch(
      /^<\?xml version="1\.0"\?><SendMessageResponse xmlns=".+"><SendMessageResult>.*<MessageId>m1<\/MessageId>/,
    );
  });

  test.each([
    ['the body is no form', { RequestTemplates: template }],
    ['there is no action', { RequestParameters: FORM, RequestTemplates: { [JSON_TYPE]: 'MessageBody=x' } }],
  ])('is an unknown operation where %s', async (_, more) => {
    const { callAws, calls } = fakeAws(sent);
    const gateway = await startTestGateway(integration('sqs:path/1/q', more), {}, { callAws });
    const answer = await gateway.get('/things/1', send());
    expect([answer.status, answer.text]).toEqual([400, '<UnknownOperationException/>']);
    expect(calls).toEqual([]);
  });

  test('maps what the service refuses by its status, and shows it in the access entry', async () => {
    const fault = new AwsError('QueueDoesNotExist', 'no queue', {
      queryCode: 'AWS.SimpleQueueService.NonExistentQueue',
    });
    const fixture = integration('sqs:path/1/q', { RequestParameters: FORM, RequestTemplates: template });
    const format = { AccessLogSetting: { Format: '$context.integration.status $context.integration.error' } };
    const gateway = await startTestGateway({ ...fixture, stage: format }, {}, { callAws: fakeAws(fault).callAws });
    const answer = await gateway.get('/things/1', send());
    expect([answer.status, answer.json]).toEqual([
      400,
      {
        Error: { Type: 'Sender', Code: 'AWS.SimpleQueueService.NonExistentQueue', Message: 'no queue' },
        RequestId: answer.headers.get('x-amzn-requestid'),
      },
    ]);
    expect(gateway.access[0]?.line).toMatch(/^400 sqs:path\/1\/q: \{"Error"/);
  });
});

describe('an AWS integration with a service that speaks JSON', () => {
  test.each([
    ['kinesis:action/PutRecord', 'kinesis', 'PutRecord'],
    ['dynamodb:action/PutItem', 'dynamodb', 'PutItem'],
    ['events:action/PutEvents', 'events', 'PutEvents'],
    ['ssm:action/GetParameter', 'ssm', 'GetParameter'],
  ])('%s calls %s %s with the mapped body', async (uri, service, operation) => {
    const { callAws, calls } = fakeAws({ Done: true });
    const RequestTemplates = { [JSON_TYPE]: `{"Data":"$util.base64Encode($input.body)","Id":"$input.params('id')"}` };
    const gateway = await startTestGateway(integration(uri, { RequestTemplates }), {}, { callAws });
    expect((await gateway.get('/things/7', send('x'))).json).toEqual({ Done: true });
    expect(calls[0]?.slice(0, 3)).toEqual([service, operation, { Data: 'eA==', Id: '7' }]);
  });

  test('takes the operation from X-Amz-Target where the URI has a path', async () => {
    const { callAws, calls } = fakeAws({});
    const RequestParameters = { 'integration.request.header.X-Amz-Target': "'AWSEvents.PutEvents'" };
    const gateway = await startTestGateway(integration('events:path//', { RequestParameters }), {}, { callAws });
    await gateway.get('/things/7', send('{"Entries":[]}'));
    expect(calls[0]?.slice(0, 3)).toEqual(['events', 'PutEvents', { Entries: [] }]);
  });

  test.each([
    ['kinesis:action/PutRecord', '[1]', 'SerializationException'],
    ['events:path//', '{}', 'UnknownOperationException'],
  ])('%s with %s is %s', async (uri, body, type) => {
    const { callAws, calls } = fakeAws({});
    const gateway = await startTestGateway(integration(uri, {}), {}, { callAws });
    const answer = await gateway.get('/things/7', send(body));
    expect([answer.status, answer.json]).toEqual([400, expect.objectContaining({ __type: type })]);
    expect(calls).toEqual([]);
  });

  test('maps a fault of the service by its status', async () => {
    const fault = new AwsError('InternalServerError', 'no', { statusCode: 500, members: { More: 1 } });
    const gateway = await startTestGateway(integration('dynamodb:action/PutItem', {}), {}, fakeAws(fault));
    const answer = await gateway.get('/things/7', send('{}'));
    expect([answer.status, answer.json]).toEqual([503, { __type: 'InternalServerError', message: 'no', More: 1 }]);
  });
});

describe('an AWS integration with SNS', () => {
  test('publishes a form with attributes', async () => {
    const { callAws, calls } = fakeAws({ MessageId: 'm1' });
    const RequestTemplates = {
      [JSON_TYPE]:
        'TopicArn=arn&Message=hi&MessageAttributes.entry.1.Name=kind&MessageAttributes.entry.1.Value.DataType=String&MessageAttributes.entry.1.Value.StringValue=x',
    };
    const fixture = integration('sns:action/Publish', { RequestParameters: FORM, RequestTemplates });
    const gateway = await startTestGateway(fixture, {}, { callAws });
    expect((await gateway.get('/things/1', send())).json).toMatchObject({
      PublishResponse: { PublishResult: { MessageId: 'm1' } },
    });
    expect(calls[0]?.slice(0, 3)).toEqual([
      'sns',
      'Publish',
      { TopicArn: 'arn', Message: 'hi', MessageAttributes: { kind: { DataType: 'String', StringValue: 'x' } } },
    ]);
  });
});

describe('an AWS integration', () => {
  test('without credentials calls in the name of API Gateway, for the method', async () => {
    const { callAws, calls } = fakeAws({});
    const fixture = integration('kinesis:action/PutRecord', { Credentials: undefined });
    const gateway = await startTestGateway(fixture, {}, { callAws });
    await gateway.get('/things/7', send('{}'));
    expect(calls[0]?.[3]).toEqual({
      kind: 'service',
      service: 'apigateway.amazonaws.com',
      sourceArn: 'arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/dev/POST/things/{id}',
    });
  });

  test('that takes longer than its time is a 504, and its call is aborted', async () => {
    let aborted = false;
    const callAws: CallAws = (_service, _operation, _input, _principal, signal) =>
      new Promise(() => signal?.addEventListener('abort', () => (aborted = true)));
    const fixture = integration('kinesis:action/PutRecord', { TimeoutInMillis: 50 });
    const gateway = await startTestGateway(fixture, {}, { callAws });
    const answer = await gateway.get('/things/7', send('{}'));
    expect([answer.status, answer.json]).toEqual([504, { message: 'Endpoint request timed out' }]);
    expect(aborted).toBe(true);
  });

  test.each([
    ['states:action/StartExecution', {}, /the twin integrates dynamodb, .*, lambda, .*, not states$/],
    ['sqs', {}, /Uri must be arn:aws:apigateway:<region>:<service>:action\/<operation> or …:path\/<path>, got/],
    [
      'sqs:path/1/q',
      { Credentials: 'arn:aws:iam::*:user/*' },
      /Credentials must be the ARN of a role, since the twin has no caller/,
    ],
  ])('fails at start with %s and %j', async (uri, more, message) => {
    await expect(startTestGateway(integration(uri, more), {}, fakeAws({}))).rejects.toThrow(message);
  });

  test('fails at start where there is no AWS endpoint', async () => {
    await expect(startTestGateway(integration('sqs:path/1/q', {}))).rejects.toThrow(
      'AWS::ApiGateway::Method Method POST /things/{id}: an integration with sqs needs the AWS endpoint',
    );
  });
});
