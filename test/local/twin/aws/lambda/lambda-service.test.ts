import {
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { OWNER } from '../../../../../local/twin/aws/principal.ts';
import { type Aws, startAws } from '../../../../../local/twin/aws/start-aws.ts';
import type { Functions } from '../../../../../local/twin/functions/functions.ts';
import { arnPrefix, inlineLambda, RunningFunctions, resourceOf } from '../../../../support/running-functions.ts';

const place = { region: 'eu-central-1', accountId: '111122223333' };
const resources = [
  inlineLambda(
    'exports.handler = async (event, context) => { console.log("hello"); return { event, context }; }',
    {
      Description: 'says hello',
      Role: 'arn:aws:iam::111122223333:role/hello',
    },
    'hello',
  ),
  inlineLambda('exports.handler = async () => { throw new RangeError("out of range"); }', {}, 'fails'),
  inlineLambda(
    'exports.handler = async () => new Promise((r) => setTimeout(r, 400))',
    {
      ReservedConcurrentExecutions: 1,
    },
    'slow',
  ),
  resourceOf('AWS::Lambda::Version', `${arnPrefix}:hello:1`, { FunctionName: 'hello' }),
  resourceOf('AWS::Lambda::Alias', `${arnPrefix}:hello:live`, {
    FunctionName: 'hello',
    FunctionVersion: '1',
    Name: 'live',
  }),
];

describe('Lambda, by the SDK', () => {
  const running = new RunningFunctions();
  let functions: Functions;
  let aws: Aws;
  let client: LambdaClient;
  const text = (payload: Uint8Array | undefined) => JSON.parse(Buffer.from(payload ?? []).toString());
  const invoke = (input: Omit<ConstructorParameters<typeof InvokeCommand>[0], 'Payload'> & { Payload?: string }) =>
    client.send(new InvokeCommand(input));

  beforeAll(async () => {
    aws = await startAws({
      ...place,
      nowMs: Date.now,
      log: () => {},
      invoke: (...all) => functions.invoke(...all),
      invokeAsync: (...all) => functions.invokeAsync(...all),
      database: undefined,
      principalOf: () => OWNER,
      authorize: () => {},
    });
    await aws.provision(resources);
    functions = running.start(resources);
    client = new LambdaClient({
      region: place.region,
      endpoint: aws.url,
      maxAttempts: 1,
      credentials: { accessKeyId: 'ASIATWIN000000000001', secretAccessKey: 'twin' },
    });
  });

  afterEach(() => {
    running.lines.length = 0;
  });

  afterAll(async () => {
    client.destroy();
    await running.close();
    await aws.close();
  });

  it('invokes a function and answers with its result and version', async () => {
    const ClientContext = Buffer.from('{"client":{"installation_id":"i"}}').toString('base64');
    const answer = await invoke({ FunctionName: 'hello', Payload: '{"a":1}', ClientContext });
    expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
    expect(answer.FunctionError).toBeUndefined();
    expect(answer.LogResult).toBeUndefined();
    expect(text(answer.Payload)).toMatchObject({
      event: { a: 1 },
      context: { clientContext: { client: { installation_id: 'i' } } },
    });
  });

  it.each([
    ['a name and a qualifier', { FunctionName: 'hello', Qualifier: 'live' }],
    ['a qualified name', { FunctionName: 'hello:live' }],
    ['a partial ARN', { FunctionName: '111122223333:function:hello:live' }],
    ['an ARN', { FunctionName: `${arnPrefix}:hello:live` }],
  ])('finds an alias by %s, and runs the version that it stands for', async (_, input) => {
    const answer = await invoke(input);
    expect(answer.ExecutedVersion).toBe('1');
    expect(text(answer.Payload)).toMatchObject({
      event: {},
      context: { invokedFunctionArn: `${arnPrefix}:hello:live` },
    });
  });

  it('answers the end of the log where it is asked for', async () => {
    const { LogResult = '' } = await invoke({ FunctionName: 'hello', LogType: 'Tail' });
    const lines = Buffer.from(LogResult, 'base64').toString().split('\n');
    expect(lines).toEqual([
      expect.stringMatching(/^START RequestId: [0-9a-f-]{36} Version: \$LATEST$/),
      expect.stringMatching(/\tINFO\thello$/),
      expect.stringMatching(/^END RequestId: /),
      expect.stringMatching(
        /^REPORT RequestId: [0-9a-f-]{36}\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 256 MB$/,
      ),
      '',
    ]);
  });

  it('says that the function failed, with its error and trace, as a success of the API', async () => {
    const answer = await invoke({ FunctionName: 'fails' });
    expect(answer).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
    expect(text(answer.Payload)).toEqual({
      errorType: 'RangeError',
      errorMessage: 'out of range',
      trace: expect.arrayContaining(['RangeError: out of range']),
    });
  });

  it('takes an event and answers before it ran', async () => {
    expect((await invoke({ FunctionName: 'hello', InvocationType: 'Event', Payload: '{}' })).StatusCode).toBe(202);
    await expect.poll(() => running.lines.length).toBe(1);
  });

  it('runs nothing for a dry run', async () => {
    expect((await invoke({ FunctionName: 'hello', InvocationType: 'DryRun' })).StatusCode).toBe(204);
    expect(running.lines).toEqual([]);
  });

  it('tells what is deployed', async () => {
    const { Functions: all = [] } = await client.send(new ListFunctionsCommand({}));
    expect(all.map(({ FunctionName }) => FunctionName)).toEqual(['hello', 'fails', 'slow']);
    const first = await client.send(new ListFunctionsCommand({ MaxItems: 2 }));
    expect(first.NextMarker).toBe('2');
    const rest = await client.send(new ListFunctionsCommand({ Marker: first.NextMarker }));
    expect(rest.Functions?.map(({ FunctionName }) => FunctionName)).toEqual(['slow']);
    expect((await client.send(new GetFunctionCommand({ FunctionName: 'slow' }))).Concurrency).toEqual({
      ReservedConcurrentExecutions: 1,
    });
    expect(
      await client.send(new GetFunctionConfigurationCommand({ FunctionName: 'hello', Qualifier: 'live' })),
    ).toMatchObject({
      FunctionArn: `${arnPrefix}:hello:live`,
      Description: 'says hello',
      Role: 'arn:aws:iam::111122223333:role/hello',
      Runtime: 'nodejs24.x',
      Timeout: 5,
      Version: '1',
    });
  });

  const unknown = `${arnPrefix}:nobody`;
  const large = (bytes: number) => JSON.stringify('x'.repeat(bytes - 2));

  // Names, status codes and limits: API reference, "Invoke"; service quotas of Lambda.
  it.each([
    [
      'an unknown function',
      { FunctionName: 'nobody' },
      404,
      'ResourceNotFoundException',
      `Function not found: ${unknown}`,
    ],
    [
      'an unknown alias',
      { FunctionName: 'hello', Qualifier: 'x' },
      404,
      'ResourceNotFoundException',
      `Function not found: ${arnPrefix}:hello:x`,
    ],
    [
      'an event that is no JSON',
      { FunctionName: 'hello', Payload: '{' },
      400,
      'InvalidRequestContentException',
      /^Could not parse request body into json: Could not parse payload into json: /,
    ],
    [
      'a client context that is no JSON',
      { FunctionName: 'hello', ClientContext: 'e' },
      400,
      'InvalidRequestContentException',
      'Client context must be a valid Base64-encoded JSON object.',
    ],
    [
      'an event that is too large',
      { FunctionName: 'hello', Payload: large(6_291_457) },
      413,
      'RequestEntityTooLargeException',
      'Request must be smaller than 6291456 bytes for the InvokeFunction operation',
    ],
    [
      'an asynchronous event that is too large',
      { FunctionName: 'hello', InvocationType: 'Event' as const, Payload: large(1_048_577) },
      413,
      'RequestEntityTooLargeException',
      '1048577 byte payload is too large for the Event invocation type (limit 1048576 bytes)',
    ],
    [
      'an unknown invocation type',
      { FunctionName: 'hello', InvocationType: 'Later' as never },
      400,
      'ValidationException',
      /Value 'Later' at 'invocationType' failed to satisfy constraint: Member must satisfy enum value set: \[RequestResponse, Event, DryRun\]$/,
    ],
  ])('fails for %s', async (_, input, status, name, message) => {
    await expect(invoke(input)).rejects.toMatchObject({
      name,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
      $metadata: { httpStatusCode: status },
    });
  });

  it('takes just as much as it may', async () => {
    const most = await invoke({ FunctionName: 'slow', InvocationType: 'DryRun', Payload: large(6_291_456) });
    expect(most.StatusCode).toBe(204);
    const event = await invoke({ FunctionName: 'hello', InvocationType: 'Event', Payload: large(1_048_576) });
    expect(event.StatusCode).toBe(202);
  });

  it('fails where the function is throttled, with the reason', async () => {
    const first = invoke({ FunctionName: 'slow' });
    await expect.poll(() => functions.status(0).find(({ name }) => name === 'slow')?.invocations).toBe(1);
    await expect(invoke({ FunctionName: 'slow' })).rejects.toMatchObject({
      name: 'TooManyRequestsException',
      message: 'Rate Exceeded.',
      Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
      $metadata: { httpStatusCode: 429 },
    });
    expect((await first).StatusCode).toBe(200);
  });
});
