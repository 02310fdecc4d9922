import { afterEach, describe, expect, it } from 'vitest';
import type { Principal } from '../../../../local/twin/aws/principal.ts';
import type { FunctionsOptions } from '../../../../local/twin/functions/functions.ts';
import { arnPrefix, inlineLambda, RunningFunctions, resourceOf } from '../../../support/running-functions.ts';

interface Call {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly principal: Principal | undefined;
}

const roleArn = 'arn:aws:iam::111122223333:role/work';
const queue = 'arn:aws:sqs:eu-central-1:111122223333:done';
const queueUrl = 'https://sqs.eu-central-1.amazonaws.com/111122223333/done';
const topic = 'arn:aws:sns:eu-central-1:111122223333:done';
const bus = 'arn:aws:events:eu-central-1:111122223333:event-bus/done';
const work = `let attempts = 0; exports.handler = async ({ failures = 0 }, context) => {
  attempts += 1; if (attempts <= failures) throw new RangeError('attempt ' + attempts); return [attempts, context.awsRequestId]; }`;

describe('asynchronous invocations', () => {
  const running = new RunningFunctions();
  const calls: Call[] = [];
  let refusal: Error | undefined;

  const config = (properties: Record<string, unknown>) =>
    resourceOf('AWS::Lambda::EventInvokeConfig', 'config', {
      FunctionName: 'work',
      Qualifier: '$LATEST',
      ...properties,
    });
  const destinations = (success: string, failure = success) =>
    config({ DestinationConfig: { OnSuccess: { Destination: success }, OnFailure: { Destination: failure } } });
  const start = (
    extra: ReturnType<typeof config>[],
    properties: Record<string, unknown> = {},
    options: Partial<FunctionsOptions> = {},
  ) => {
    calls.length = 0;
    running.notices.length = 0;
    refusal = undefined;
    return running.start([inlineLambda(work, { Role: roleArn, ...properties }, 'work'), ...extra], {
      asyncRetryDelaysMs: [10, 20],
      callAws: async (service, operation, input, principal) => {
        if (refusal) throw refusal;
        calls.push({ operation: `${service}:${operation}`, input, principal });
        return { FailedEntryCount: 0 };
      },
      ...options,
    });
  };
  const called = async (): Promise<Call> => {
    await expect.poll(() => calls.length, { timeout: 5_000 }).toBe(1);
    return calls[0] as Call;
  };

  afterEach(() => running.close());

  it('are taken before they run, and report success to a queue, in the name of the role', async () => {
    const functions = start([destinations(queue)]);
    expect(await functions.invokeAsync('work', { a: 1 }, undefined, { requestId: 'r-1' })).toEqual({ ok: true });
    const { operation, input, principal } = await called();
    expect(operation).toBe('sqs:SendMessage');
    expect(input.QueueUrl).toBe(queueUrl);
    expect(principal).toEqual({ kind: 'role', roleArn, sessionName: 'work' });
    expect(JSON.parse(String(input.MessageBody))).toEqual({
      version: '1.0',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      requestContext: {
        requestId: 'r-1',
        functionArn: `${arnPrefix}:work:$LATEST`,
        condition: 'Success',
        approximateInvokeCount: 1,
      },
      requestPayload: { a: 1 },
      responseContext: { statusCode: 200, executedVersion: '$LATEST' },
      responsePayload: [1, 'r-1'],
    });
  });

  it('are tried three times under one request id, and then reported as failed', async () => {
    const functions = start([destinations(topic)]);
    await functions.invokeAsync('work', { failures: 9 });
    const { operation, input } = await called();
    expect([operation, input.TopicArn]).toEqual(['sns:Publish', topic]);
    expect(JSON.parse(String(input.Message))).toMatchObject({
      requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 3 },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: { errorType: 'RangeError', errorMessage: 'attempt 3', trace: expect.any(Array) },
    });
    expect(running.notices).toEqual([
      'work: gave up an event after 3 invocations (RetriesExhausted: RangeError: attempt 3)',
    ]);
  });

  it('succeed at the third attempt', async () => {
    const functions = start([destinations(queue)]);
    await functions.invokeAsync('work', { failures: 2 });
    const body = JSON.parse(String((await called()).input.MessageBody));
    expect(body.requestContext).toMatchObject({ condition: 'Success', approximateInvokeCount: 3 });
  });

  it('are counted until they are done with', async () => {
    const functions = start([destinations(queue)]);
    await functions.invokeAsync('work', { failures: 1 });
    expect(functions.pendingEvents).toBe(1);
    await called();
    await expect.poll(() => functions.pendingEvents).toBe(0);
  });

  it('are reported to an event bus as an event of Lambda', async () => {
    const functions = start([destinations(bus)]);
    await functions.invokeAsync('work', {});
    const { operation, input } = await called();
    expect(operation).toBe('events:PutEvents');
    expect(input.Entries).toMatchObject([
      {
        Source: 'lambda',
        DetailType: 'Lambda Function Invocation Result - Success',
        EventBusName: bus,
        Resources: [bus, `${arnPrefix}:work:$LATEST`],
      },
    ]);
  });

  it('are reported to a function, which is invoked asynchronously', async () => {
    const seen: unknown[] = [];
    const functions = start(
      [destinations(`${arnPrefix}:audit`)],
      {},
      {
        invokeAsync: async (name, payload, principal) => {
          seen.push(name, payload, principal);
          return { ok: true };
        },
      },
    );
    await functions.invokeAsync('work', {});
    await expect
      .poll(() => seen)
      .toMatchObject([`${arnPrefix}:audit`, { requestContext: { condition: 'Success' } }, { kind: 'role', roleArn }]);
  });

  it('leave a dead letter with its reason: the event itself', async () => {
    const functions = start([config({ MaximumRetryAttempts: 0 })], { DeadLetterConfig: { TargetArn: queue } });
    await functions.invokeAsync('work', { failures: 1 }, undefined, { requestId: 'r-1' });
    const { operation, input } = await called();
    expect(operation).toBe('sqs:SendMessage');
    expect(input).toEqual({
      QueueUrl: queueUrl,
      MessageBody: '{"failures":1}',
      MessageAttributes: {
        RequestID: { DataType: 'String', StringValue: 'r-1' },
        ErrorCode: { DataType: 'Number', StringValue: '200' },
        ErrorMessage: { DataType: 'String', StringValue: 'attempt 1' },
      },
    });
  });

  it('are given up at once where the function reserves no concurrency, without a response', async () => {
    const functions = start([destinations(queue)], { ReservedConcurrentExecutions: 0 });
    await functions.invokeAsync('work', {});
    const record = JSON.parse(String((await called()).input.MessageBody));
    expect(record.requestContext).toMatchObject({ condition: 'RetriesExhausted', approximateInvokeCount: 0 });
    expect(record).not.toHaveProperty('responsePayload');
  });

  it('are treated as the alias that they came by says', async () => {
    const alias = resourceOf('AWS::Lambda::Alias', `${arnPrefix}:work:live`, { FunctionVersion: '1' });
    const own = { Qualifier: 'live', DestinationConfig: { OnSuccess: { Destination: queue } } };
    const functions = start([alias, config(own)]);
    await functions.invokeAsync('work:live', {});
    const record = JSON.parse(String((await called()).input.MessageBody));
    expect(record).toMatchObject({
      requestContext: { functionArn: `${arnPrefix}:work:live` },
      responseContext: { executedVersion: '1' },
    });
  });

  it('say in the log what could not be delivered', async () => {
    const functions = start([destinations('arn:aws:s3:::bucket')]);
    await functions.invokeAsync('work', {});
    await expect
      .poll(() => running.notices)
      .toEqual([
        'work: a record of the event could not be delivered: the twin sends records to SQS, SNS, Lambda and EventBridge, not to arn:aws:s3:::bucket',
      ]);
    const denied = start([destinations(queue)]);
    refusal = new Error('User: work is not authorized to perform: sqs:SendMessage');
    await denied.invokeAsync('work', {});
    await expect
      .poll(() => running.notices)
      .toEqual([
        'work: a record of the event could not be delivered: User: work is not authorized to perform: sqs:SendMessage',
      ]);
  });

  it('fails for a function that does not exist', async () => {
    const functions = start([]);
    expect(await functions.invokeAsync('nobody', {})).toMatchObject({ ok: false, kind: 'unknown-function' });
  });
});
