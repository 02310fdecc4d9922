import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { ResolvedResource } from '../../../../local/twin/assembly/resolved-resource.ts';
import { createFunctions, type Functions, type FunctionsOptions } from '../../../../local/twin/functions/functions.ts';

const fixtures = join(import.meta.dirname, '../../../fixtures/functions');

function lambda(name: string, properties: Record<string, unknown> = {}): ResolvedResource {
  return {
    logicalId: `${name}Logical`,
    physicalId: name,
    stackName: 'Stack',
    type: 'AWS::Lambda::Function',
    path: `Stack/${name}`,
    properties: { Handler: 'index.handler', Runtime: 'nodejs24.x', Timeout: 5, MemorySize: 256, ...properties },
    metadata: { 'aws:asset:path': join(fixtures, name) },
  };
}

interface EchoAnswer {
  readonly event: unknown;
  readonly invocations: number;
  readonly remainingMs: number;
  readonly context: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string>>;
  readonly when: unknown;
}

describe('functions', () => {
  let functions: Functions | undefined;
  const lines: string[] = [];

  function start(resources: ResolvedResource[], options: Partial<FunctionsOptions> = {}): Functions {
    lines.length = 0;
    functions = createFunctions(resources, {
      region: 'eu-central-1',
      accountId: '111122223333',
      awsEndpointUrl: 'http://127.0.0.1:4000',
      localize: (variables) => variables,
      onLine: (_, line) => lines.push(line.text),
      ...options,
    });
    return functions;
  }

  async function echo(event: unknown = {}, name = 'echo'): Promise<EchoAnswer> {
    const outcome = await functions?.invoke(name, event);
    if (!outcome?.ok) throw new Error(`expected an answer, got ${JSON.stringify(outcome)}`);
    return outcome.payload as EchoAnswer;
  }

  afterEach(() => functions?.close());

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
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_REGION: 'eu-central-1',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:4000',
      LAMBDA_TASK_ROOT: join(fixtures, 'echo'),
      _HANDLER: 'index.handler',
    });
    expect(env._X_AMZN_TRACE_ID).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=1$/);
    expect(env).not.toHaveProperty('SECRET_OF_THE_DEVELOPER');
    expect(env).not.toHaveProperty('AWS_USE_DUALSTACK_ENDPOINT');
  });

  it('gives each function an access key of its own', async () => {
    const { accessKeys } = start([lambda('echo'), lambda('faults')]);
    expect(accessKeys).toEqual({ echo: 'ASIATWIN000000000001', faults: 'ASIATWIN000000000002' });
    expect((await echo()).env.AWS_ACCESS_KEY_ID).toBe('ASIATWIN000000000001');
  });

  it('gives the handler a context', async () => {
    start([lambda('echo')]);
    const { context, remainingMs } = await echo();
    expect(context).toMatchObject({
      functionName: 'echo',
      memoryLimitInMB: '256',
      invokedFunctionArn: 'arn:aws:lambda:eu-central-1:111122223333:function:echo',
    });
    expect(context.awsRequestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(remainingMs).toBeGreaterThan(4_000);
    expect(remainingMs).toBeLessThanOrEqual(5_000);
  });

  it('is invoked by the ARN of an alias, which the context then shows', async () => {
    start([lambda('echo')]);
    const arn = 'arn:aws:lambda:eu-central-1:111122223333:function:echo:live';
    expect((await echo({}, arn)).context.invokedFunctionArn).toBe(arn);
  });

  it('reuses an idle environment, and starts another for a concurrent invocation', async () => {
    start([lambda('echo')]);
    expect((await echo()).invocations).toBe(1);
    expect((await echo()).invocations).toBe(2);
    const [first, second] = await Promise.all([echo({ waitMs: 1_500 }), echo({ waitMs: 1_500 })]);
    expect([first.invocations, second.invocations].sort()).toEqual([1, 3]);
  });

  it('queues what exceeds the environments of this machine', async () => {
    start([lambda('echo')], { maxEnvironments: 1 });
    const answers = await Promise.all([echo(), echo(), echo()]);
    expect(answers.map(({ invocations }) => invocations)).toEqual([1, 2, 3]);
    expect(functions?.status(0)[0]).toMatchObject({ environments: 1, busy: 0, waiting: 0, invocations: 3 });
  });

  it('throttles beyond the reserved concurrency', async () => {
    const { invoke } = start([lambda('echo', { ReservedConcurrentExecutions: 1 })]);
    const [first, second] = await Promise.all([invoke('echo', { waitMs: 50 }), invoke('echo', {})]);
    expect(first.ok).toBe(true);
    expect(second).toEqual({
      ok: false,
      kind: 'throttled',
      errorType: 'TooManyRequestsException',
      errorMessage: 'Rate Exceeded.',
    });
    expect((await invoke('echo', {})).ok).toBe(true);
  });

  it('traces an error through the function alone, in a line of bearable length', async () => {
    const { invoke } = start([lambda('faults')]);
    await invoke('faults', { fault: 'throw' });
    const line = lines.find((text) => text.includes('\tERROR\t'));
    expect(line).toContain('faults/index.mjs');
    expect(line).not.toContain('data:');
    expect(line?.length).toBeLessThan(1_000);
  });

  it('keeps the word by which an authorizer says 401 for who asks: nothing went wrong', async () => {
    const sources: string[] = [];
    const { invoke } = start([lambda('faults')], { onLine: (_, line) => sources.push(line.source) });
    expect(await invoke('faults', { fault: 'refuse' })).toMatchObject({ ok: false, errorMessage: 'Unauthorized' });
    expect(sources).toEqual(['stderr']);
  });

  it('fails with the name and message of an error that the handler throws, and keeps the environment', async () => {
    const { invoke } = start([lambda('faults')]);
    expect(await invoke('faults', { fault: 'throw' })).toEqual({
      ok: false,
      kind: 'failed',
      errorType: 'RangeError',
      errorMessage: 'out of range',
    });
    expect(functions?.status(0)[0]?.environments).toBe(1);
    expect(lines.some((line) => line.includes('out of range'))).toBe(true);
  });

  it.each([
    ['hang', 'waits for nothing'],
    ['spin', 'never yields'],
  ])('kills an environment that %ss at its time-out', async (fault) => {
    const { invoke } = start([lambda('faults', { Timeout: 1 })]);
    expect(await invoke('faults', { fault })).toMatchObject({
      ok: false,
      kind: 'timed-out',
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/^RequestId: [0-9a-f-]{36} Error: Task timed out after 1\.00 seconds$/),
    });
    expect(functions?.status(0)[0]?.environments).toBe(0);
    expect(await invoke('faults', {})).toEqual({ ok: true, payload: 'fine' });
  });

  it.each([
    ['exit', 'Runtime.ExitError', /Runtime exited with error: exit status 3$/],
    ['crash', 'TypeError', /^nobody caught this$/],
    ['reject', 'Runtime.UnhandledPromiseRejection', /^nobody awaited this$/],
    ['memory', 'Runtime.ExitError', /Runtime exited with error: signal: killed$/],
    ['array', 'Runtime.ExitError', /Runtime exited with error: signal: killed$/],
  ])('fails after %s, and serves the next invocation from a new environment', async (fault, errorType, message) => {
    const { invoke } = start([lambda('faults', { MemorySize: 64, Timeout: 15 })]);
    const outcome = await invoke('faults', { fault });
    expect(outcome).toMatchObject({ ok: false, kind: 'failed', errorType });
    expect(outcome.ok ? '' : outcome.errorMessage).toMatch(message);
    expect(await invoke('faults', {})).toEqual({ ok: true, payload: 'fine' });
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

  it('fails to invoke a function that does not exist', async () => {
    const { invoke } = start([lambda('echo')]);
    expect(await invoke('arn:aws:lambda:eu-central-1:111122223333:function:nobody', {})).toEqual({
      ok: false,
      kind: 'unknown-function',
      errorType: 'ResourceNotFoundException',
      errorMessage: 'Function not found: arn:aws:lambda:eu-central-1:111122223333:function:nobody',
    });
  });

  it('loads CommonJS although the project around the bundle is ESM', async () => {
    const { invoke } = start([lambda('commonjs')]);
    expect(await invoke('commonjs', {})).toEqual({ ok: true, payload: 'index.js' });
  });

  it('finds a handler inside of an exported object', async () => {
    const { invoke } = start([lambda('faults', { Handler: 'index.nested.handler' })]);
    expect(await invoke('faults', {})).toEqual({ ok: true, payload: 'nested' });
  });

  it('fails on a package that is not in the bundle, although the project around it has it', async () => {
    const { invoke } = start([lambda('unbundled')]);
    const outcome = await invoke('unbundled', {});
    expect(outcome).toMatchObject({ ok: false, errorType: 'Runtime.ImportModuleError' });
    expect(outcome.ok ? '' : outcome.errorMessage).toMatch(
      /^Error: Cannot find package 'ulid' imported from .*index\.mjs$/,
    );
  });

  it('provides the SDK, as the runtime does', async () => {
    const { invoke } = start([lambda('sdk')]);
    expect(await invoke('sdk', {})).toEqual({ ok: true, payload: 'KinesisClient' });
  });

  it('fails on a handler that is not exported', async () => {
    const { invoke } = start([lambda('echo', { Handler: 'index.main' })]);
    expect(await invoke('echo', {})).toMatchObject({
      ok: false,
      kind: 'failed',
      errorType: 'Runtime.HandlerNotFound',
      errorMessage: 'index.main is undefined or not exported',
    });
  });

  it('fails on a callback handler for Node 24, and calls it for an older runtime', async () => {
    const { invoke } = start([lambda('callback')]);
    expect(await invoke('callback', {})).toMatchObject({
      ok: false,
      errorType: 'Runtime.CallbackHandlerDeprecated',
      errorMessage: expect.stringMatching(
        /^index\.handler takes a callback, which Node\.js 24 no longer has in Lambda/,
      ),
    });
    await functions?.close();
    const older = start([lambda('callback', { Runtime: 'nodejs22.x' })]);
    expect(await older.invoke('callback', {})).toEqual({ ok: true, payload: 'called back' });
  });

  it('keeps the last lines that a function printed', async () => {
    start([lambda('echo')]);
    await echo({ print: 'one\ntwo' });
    await expect.poll(() => functions?.status(2)[0]?.lines.map(({ text }) => text)).toEqual(['one', 'two']);
  });

  it('fails to create a function of another runtime', () => {
    expect(() => start([lambda('echo', { Runtime: 'python3.13' })])).toThrow(
      "function 'echoLogical' (Stack/echo) of stack 'Stack': the twin runs Node.js functions only, got runtime python3.13",
    );
  });
});
