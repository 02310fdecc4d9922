import { afterEach, describe, expect, it } from 'vitest';
import { GROWTH_ENVIRONMENTS } from '../../../../local/twin/functions/model/environment-growth.ts';
import { inlineLambda, RunningFunctions } from '../../../support/running-functions.ts';

const code = `let n = 0; exports.handler = async ({ waitMs = 0 } = {}) => {
  n += 1; await new Promise((resolve) => setTimeout(resolve, waitMs)); return n; }`;

describe('FunctionPool, shared', () => {
  const running = new RunningFunctions();

  afterEach(() => running.close());

  it('queues what exceeds the environments of this machine', async () => {
    const functions = running.start([inlineLambda(code)], { maxEnvironments: 1 });
    const answers = await Promise.all([running.call('inline'), running.call('inline'), running.call('inline')]);
    expect(answers).toEqual([1, 2, 3]);
    expect(functions.status(0)[0]).toMatchObject({ environments: 1, busy: 0, waiting: 0, invocations: 3 });
    expect(running.notices).toEqual([]);
  });

  it('starts environments one after the other', async () => {
    const functions = running.start([inlineLambda(code)]);
    const calls = Promise.all(Array.from({ length: 6 }, () => running.call('inline', { waitMs: 10 })));
    expect(functions.status(0)[0]).toMatchObject({ environments: 1, waiting: 6 });
    await calls;
  });

  it('fails what waits when the twin ends', async () => {
    const functions = running.start([inlineLambda(code)], { maxEnvironments: 1 });
    await running.call('inline');
    const inFlight = functions.invoke('inline', { waitMs: 1_000 });
    const waiting = functions.invoke('inline', {});
    await functions.close();
    expect(await inFlight).toMatchObject({ ok: false, errorType: 'Runtime.ExitError' });
    expect(await waiting).toMatchObject({ ok: false, errorMessage: 'the twin is shutting down' });
    expect(await functions.invoke('inline', {})).toMatchObject({ errorMessage: 'the twin is shutting down' });
  });

  it('fails one invocation per environment that cannot load, and none that come later for it', async () => {
    const functions = running.start([inlineLambda("throw new Error('no table')")]);
    const outcomes = await Promise.all([functions.invoke('inline', {}), functions.invoke('inline', {})]);
    expect(outcomes).toMatchObject([{ errorMessage: 'no table' }, { errorMessage: 'no table' }]);
    expect(functions.status(0)[0]).toMatchObject({ environments: 0, waiting: 0, failures: 2 });
  });
});

describe('FunctionPool, real', () => {
  const running = new RunningFunctions();

  afterEach(() => running.close());

  it('starts one environment per concurrent invocation, at once', async () => {
    const functions = running.start([inlineLambda(code)], { coldStart: 'real' });
    const calls = Promise.all(Array.from({ length: 4 }, () => running.call('inline', { waitMs: 300 })));
    expect(functions.status(0)[0]).toMatchObject({ environments: 4 });
    expect(await calls).toEqual([1, 1, 1, 1]);
    expect(await running.call('inline')).toBe(2);
  });

  it('lets what exceeds this machine wait, and says once that AWS would not', async () => {
    const functions = running.start([inlineLambda(code)], { coldStart: 'real', maxEnvironments: 2 });
    await Promise.all(Array.from({ length: 4 }, () => running.call('inline', { waitMs: 10 })));
    expect(functions.status(0)[0]).toMatchObject({ environments: 2, throttles: 0 });
    expect(running.notices).toEqual([
      'inline: 2 environments are as many as this machine is given (maxEnvironments); AWS would start more, here further invocations wait for a free one',
    ]);
  });

  it('throttles what would grow faster than AWS grows', async () => {
    const broken = "throw new Error('never mind')";
    const functions = running.start([inlineLambda(broken)], {
      coldStart: 'real',
      nowMs: () => 0,
      accountConcurrency: 10_000,
      localize: () => {
        throw new Error('not started in this test');
      },
    });
    for (let start = 0; start < GROWTH_ENVIRONMENTS; start += 1) {
      expect(await functions.invoke('inline', {})).toMatchObject({ errorMessage: 'not started in this test' });
    }
    expect(await functions.invoke('inline', {})).toMatchObject({
      ok: false,
      kind: 'throttled',
      reason: 'ConcurrentInvocationLimitExceeded',
    });
  });
});
