import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { arnPrefix, inlineLambda, lambda, RunningFunctions, resourceOf } from '../../../support/running-functions.ts';

interface EchoAnswer {
  readonly event: unknown;
  readonly invocations: number;
  readonly remainingMs: number;
  readonly context: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string>>;
  readonly when: unknown;
}

const alias = resourceOf('AWS::Lambda::Alias', `${arnPrefix}:echo:live`, { FunctionVersion: '1', Name: 'live' });
const version = resourceOf('AWS::Lambda::Version', `${arnPrefix}:echo:1`, { FunctionName: 'echo' });

describe('functions', () => {
  const running = new RunningFunctions();
  const start = running.start.bind(running);
  const echo = (event: unknown = {}, name = 'echo') => running.call<EchoAnswer>(name, event);

  afterEach(() => running.close());

  it('returns what the handler returns, as JSON does', async () => {
    start([lambda('echo')]);
    const answer = await echo({ text: 'hello', nested: [1, null] });
    expect(answer.event).toEqual({ text: 'hello', nested: [1, null] });
    expect(answer.when).toBe('1970-01-01T00:00:00.000Z');
    expect(answer).not.toHaveProperty('nothing');
  });

  it('gives the function the variables of the template and of Lambda, and nothing of this process', async () => {
    process.env.SECRET_OF_THE_DEVELOPER = 'x';
    const variables = { TABLE: 'deployed', AWS_USE_DUALSTACK_ENDPOINT: 'true' };
    start([lambda('echo', { Environment: { Variables: variables } })], {
      localize: (given) => ({ ...given, TABLE: 'local' }),
    });
    const { env } = await echo();
    expect(env).toMatchObject({
      TABLE: 'local',
      AWS_LAMBDA_FUNCTION_NAME: 'echo',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_REGION: 'eu-central-1',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:4000',
      LAMBDA_TASK_ROOT: join(import.meta.dirname, '../../../fixtures/functions/echo'),
    });
    expect(env._X_AMZN_TRACE_ID).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=1$/);
    expect(env).not.toHaveProperty('SECRET_OF_THE_DEVELOPER');
    expect(env).not.toHaveProperty('AWS_USE_DUALSTACK_ENDPOINT');
  });

  it('gives each function an access key of its own, by which it is known with its role', async () => {
    const functions = start([lambda('echo', { Role: 'arn:aws:iam::111122223333:role/echo' }), lambda('faults')]);
    expect(functions.accessKeys).toEqual({ echo: 'ASIATWIN000000000001', faults: 'ASIATWIN000000000002' });
    expect((await echo()).env.AWS_ACCESS_KEY_ID).toBe('ASIATWIN000000000001');
    expect(functions.callerOf('ASIATWIN000000000001')).toEqual({
      functionName: 'echo',
      roleArn: 'arn:aws:iam::111122223333:role/echo',
    });
    expect(functions.callerOf('AKIADEVELOPER')).toBeUndefined();
    expect(functions.callerOf(undefined)).toBeUndefined();
  });

  it('gives the handler a context', async () => {
    start([lambda('echo')]);
    const { context, remainingMs } = await echo();
    expect(context).toMatchObject({
      functionName: 'echo',
      functionVersion: '$LATEST',
      memoryLimitInMB: '256',
      invokedFunctionArn: `${arnPrefix}:echo`,
      logGroupName: '/aws/lambda/echo',
      logStreamName: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/),
    });
    expect(context.awsRequestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(remainingMs).toBeGreaterThan(4_000);
    expect(remainingMs).toBeLessThanOrEqual(5_000);
  });

  it('hands on what the caller says: trace, client context, request id', async () => {
    const { invoke } = start([lambda('echo')]);
    const traceId = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0';
    const outcome = await invoke('echo', {}, undefined, { traceId, clientContextJson: '{"a":1}', requestId: 'r-1' });
    expect(outcome).toMatchObject({
      payload: { env: { _X_AMZN_TRACE_ID: traceId }, context: { clientContext: { a: 1 }, awsRequestId: 'r-1' } },
    });
  });

  it('runs the version that an alias stands for, and shows the alias in the context', async () => {
    start([lambda('echo'), version, alias]);
    const { context, env } = await echo({}, `${arnPrefix}:echo:live`);
    expect(context).toMatchObject({ invokedFunctionArn: `${arnPrefix}:echo:live`, functionVersion: '1' });
    expect(env.AWS_LAMBDA_FUNCTION_VERSION).toBe('1');
    expect((await echo({}, 'echo:$LATEST')).context).toMatchObject({ functionVersion: '$LATEST' });
  });

  it('reuses an idle environment, and starts another for a concurrent invocation', async () => {
    start([lambda('echo')]);
    expect((await echo()).invocations).toBe(1);
    expect((await echo()).invocations).toBe(2);
    const [first, second] = await Promise.all([echo({ waitMs: 1_500 }), echo({ waitMs: 1_500 })]);
    expect([first.invocations, second.invocations].sort()).toEqual([1, 3]);
  });

  it('throttles beyond the reserved concurrency, and serves again once there is room', async () => {
    const functions = start([lambda('echo', { ReservedConcurrentExecutions: 1 })]);
    const [first, second] = await Promise.all([functions.invoke('echo', { waitMs: 50 }), functions.invoke('echo', {})]);
    expect(first.ok).toBe(true);
    expect(second).toEqual({
      ok: false,
      kind: 'throttled',
      errorType: 'TooManyRequestsException',
      errorMessage: 'Rate Exceeded.',
      reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
    });
    expect((await functions.invoke('echo', {})).ok).toBe(true);
    expect(functions.status(0)[0]).toMatchObject({ invocations: 2, throttles: 1 });
  });

  it('throttles functions without a reservation by what is left of the account', async () => {
    const resources = [
      lambda('echo'),
      lambda('other', {}, 'echo'),
      lambda('own', { ReservedConcurrentExecutions: 1 }, 'echo'),
    ];
    const { invoke } = start(resources, { accountConcurrency: 2 });
    const [first, second, third] = await Promise.all([
      invoke('echo', { waitMs: 50 }),
      invoke('other', {}),
      invoke('own', {}),
    ]);
    expect([first.ok, third.ok]).toEqual([true, true]);
    expect(second).toMatchObject({ ok: false, kind: 'throttled', reason: 'ConcurrentInvocationLimitExceeded' });
    expect(running.notices).toEqual([
      "functions reserve so much of the account's concurrency (2) that 1 is left for all others; AWS refuses to deploy what leaves less than 100",
    ]);
  });

  it('gives metrics in embedded format to whoever listens', async () => {
    const metrics: unknown[] = [];
    start(
      [
        inlineLambda(`exports.handler = async () => console.log(JSON.stringify({
          Latency: 5, _aws: { Timestamp: 1000, CloudWatchMetrics: [{ Namespace: 'App', Metrics: [{ Name: 'Latency' }] }] } }))`),
      ],
      { onMetrics: (namespace, data) => metrics.push(namespace, data) },
    );
    await running.call('inline');
    expect(metrics).toMatchObject(['App', [{ MetricName: 'Latency', Value: 5, Timestamp: 1 }]]);
  });

  it('is killed at once, by logical id: what is in flight fails, what comes next is served', async () => {
    const { invoke, kill } = start([lambda('echo')]);
    await invoke('echo', {});
    const inFlight = invoke('echo', { waitMs: 4_000 });
    await kill('echoLogical');
    expect(await inFlight).toMatchObject({ ok: false, kind: 'failed', errorType: 'Runtime.ExitError' });
    expect((await echo()).invocations).toBe(1);
  });

  it('fails to kill a function that does not exist, and names those that do', async () => {
    const { kill } = start([lambda('echo'), lambda('faults')]);
    await expect(kill('ehco')).rejects.toThrow("there is no function 'ehco'; those that run: echo, faults");
  });

  it.each([
    ['a function', `${arnPrefix}:nobody`],
    ['a version or alias', 'echo:nobody'],
  ])('fails to invoke %s that does not exist', async (_, name) => {
    const { invoke } = start([lambda('echo'), alias]);
    expect(await invoke(name, {})).toEqual({
      ok: false,
      kind: 'unknown-function',
      errorType: 'ResourceNotFoundException',
      errorMessage: `Function not found: ${name.startsWith('arn:') ? name : `${arnPrefix}:${name}`}`,
    });
  });

  it('fails to create a function of another runtime', () => {
    expect(() => start([lambda('echo', { Runtime: 'python3.13' })])).toThrow(
      "function 'echoLogical' (Stack/echo) of stack 'Stack': the twin runs Node.js functions only (nodejs20.x, nodejs22.x, nodejs24.x), got runtime python3.13",
    );
  });
});

describe('functions, applied again', () => {
  const running = new RunningFunctions();
  const counter = 'let n = 0; exports.handler = async () => ++n';

  afterEach(() => running.close());

  it('keep the environments of what has not changed, and start new ones for what has', async () => {
    const functions = running.start([inlineLambda(counter, {}, 'same'), inlineLambda(counter, {}, 'changed')]);
    await running.call('same');
    await running.call('changed');
    const key = functions.accessKeys.changed;
    await functions.apply([
      inlineLambda(counter, { Timeout: 6 }, 'changed'),
      inlineLambda(counter, {}, 'same'),
      inlineLambda(counter, {}, 'added'),
    ]);
    expect([await running.call('same'), await running.call('changed'), await running.call('added')]).toEqual([2, 1, 1]);
    expect(functions.accessKeys.changed).toBe(key);
    expect(functions.names).toEqual(['same', 'changed', 'added']);
  });

  it('let what is in flight end in the environment that it began in', async () => {
    const slow = 'exports.handler = async () => { await new Promise((r) => setTimeout(r, 300)); return "old"; }';
    const functions = running.start([inlineLambda(slow)]);
    const inFlight = running.call('inline');
    await functions.apply([inlineLambda('exports.handler = async () => "new"')]);
    expect(await running.call('inline')).toBe('new');
    expect(await inFlight).toBe('old');
    await expect.poll(() => functions.status(0)[0]?.environments).toBe(1);
  });

  it('end what is gone', async () => {
    const functions = running.start([inlineLambda(counter)]);
    await running.call('inline');
    await functions.apply([]);
    expect(await functions.invoke('inline', {})).toMatchObject({ ok: false, kind: 'unknown-function' });
    expect(functions.status(0)).toEqual([]);
  });

  it('fails on an assembly that cannot run here, and goes on with the one before', async () => {
    const functions = running.start([inlineLambda(counter)]);
    await running.call('inline');
    await expect(functions.apply([inlineLambda(counter, { Runtime: 'java21' })])).rejects.toThrow('got runtime java21');
    expect(await running.call('inline')).toBe(2);
  });
});
