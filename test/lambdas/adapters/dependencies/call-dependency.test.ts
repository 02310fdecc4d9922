import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../../../lambdas/errors/service-error.ts';
import { CLOSED, createDependencyFixture, PROBE } from './dependency-fixture.ts';

const BROKEN = new Error('connection refused');

describe('a call of a dependency', () => {
  it('answers, knows its deadline and its attempt, and has nothing to report while all is well', async () => {
    const { calls, timers, request, reports } = createDependencyFixture();
    const one = request();
    const seen = await one.call('db', async ({ attempt, deadlineMs, signal }) => ({
      attempt,
      leftMs: deadlineMs - timers.clock.now(),
      isAborted: signal.aborted,
    }));
    one.settle();
    expect(seen).toEqual({ attempt: 1, leftMs: 200, isAborted: false });
    expect(reports).toEqual([]);
    expect(calls).toBeDefined();
  });

  it('ends at its time-out with 504, aborts what it gave up, and counts it as failed and slow', async () => {
    const { request, script, outcome, begun, reports } = createDependencyFixture();
    const one = request();
    expect(await outcome(one.call('db', script([500, 'late'])))).toMatchObject({
      code: 'dependency-timeout',
      status: 504,
      atMs: 200,
    });
    expect(begun[0]?.signal.aborted).toBe(true);
    one.settle();
    expect(reports).toEqual([{ outcomes: [3], claimMs: 0 }]);
  });

  it('says 502 with its cause where the dependency failed', async () => {
    const { request, script, outcome } = createDependencyFixture();
    const { error, ...others } = await outcome(request().call('db', script([0, BROKEN])));
    expect(others).toMatchObject({ code: 'dependency-failed', status: 502 });
    expect(error).toMatchObject({ cause: BROKEN, message: "'db' failed: connection refused" });
  });

  it('counts a call as failed that throws before it has begun', async () => {
    const { request, outcome, reports } = createDependencyFixture();
    const one = request();
    const call = () => {
      throw BROKEN;
    };
    expect(await outcome(one.call('db', call))).toMatchObject({ code: 'dependency-failed' });
    one.settle();
    expect(reports).toEqual([{ outcomes: [1], claimMs: 0 }]);
  });

  it('hands a refusal through as it is: the dependency is well', async () => {
    const { request, script, outcome, reports, begun } = createDependencyFixture();
    const refusal = new ServiceError('no-such-user', 'there is no such user', { statusCode: 404 });
    const one = request();
    const fallback = () => 'instead';
    const ended = await outcome(one.call('db', script([0, refusal]), { idempotent: true, fallback }));
    expect(ended.error).toBe(refusal);
    one.settle();
    expect([begun.length, reports]).toEqual([1, []]);
  });

  it('fails for a dependency that nobody declared', async () => {
    await expect(
      createDependencyFixture()
        .request()
        .call('cache', async () => 1),
    ).rejects.toThrow(new RangeError("dependency 'cache' is not declared, only db; add it to the service's construct"));
  });

  describe('retries', () => {
    it('come after U(0, min(cap, base·2ⁿ)), at most as many as the dependency allows', async () => {
      const { request, script, outcome, begun, calls } = createDependencyFixture({ random: () => 0.8 });
      for (let call = 0; call < 10; call += 1)
        await calls
          .forRequest({ views: [CLOSED], deadlineMs: Number.MAX_SAFE_INTEGER, record: () => {} })
          .call('db', async () => 1);
      const ended = await outcome(request().call('db', script([0, BROKEN]), { idempotent: true }));
      expect(begun.map(({ atMs, attempt }) => [atMs, attempt])).toEqual([
        [0, 1],
        [40, 2],
        [120, 3],
      ]);
      expect(ended).toMatchObject({ code: 'dependency-failed', atMs: 120 });
    });

    it('are none for a call that is not idempotent', async () => {
      const { request, script, outcome, begun } = createDependencyFixture();
      await outcome(request().call('db', script([0, BROKEN], [0, 'well'])));
      expect(begun.length).toBe(1);
    });

    it('are none beyond a tenth of the calls', async () => {
      const { request, script, outcome, begun } = createDependencyFixture();
      for (let call = 0; call < 30; call += 1)
        await outcome(request().call('db', script([0, BROKEN]), { idempotent: true }));
      expect(begun.length).toBeGreaterThan(30);
      expect(begun.length).toBeLessThanOrEqual(30 + 3 + 1);
    });

    it('are not begun where the deadline comes first, nor waited for', async () => {
      const { request, script, outcome, begun } = createDependencyFixture({ random: () => 0.8 });
      const ended = await outcome(
        request([CLOSED], 50).call('db', script([10, BROKEN], [0, 'well']), { idempotent: true }),
      );
      expect([begun.length, ended.atMs, ended.code]).toEqual([1, 10, 'dependency-failed']);
      const fixture = createDependencyFixture({ random: () => 0.8 });
      expect(
        await fixture.outcome(
          fixture.request([CLOSED], 51).call('db', fixture.script([10, BROKEN], [0, 'well']), { idempotent: true }),
        ),
      ).toMatchObject({ value: 'well', atMs: 50 });
    });
  });

  describe('the deadline', () => {
    it('lets nothing begin once it has passed', async () => {
      const { request, script, outcome, begun, timers } = createDependencyFixture();
      const one = request([CLOSED], 30);
      await timers.advance(30);
      expect(await outcome(one.call('db', script([0, 1]), { fallback: () => 'instead' }))).toMatchObject({
        code: 'deadline-passed',
        status: 504,
      });
      expect(begun).toEqual([]);
    });

    it('ends a call, which is not the fault of the dependency', async () => {
      const { request, script, outcome, reports } = createDependencyFixture();
      const one = request([CLOSED], 100);
      expect(await outcome(one.call('db', script([500, 1])))).toMatchObject({ code: 'deadline-passed', atMs: 100 });
      one.settle();
      expect(reports).toEqual([]);
    });

    it('ends a call that was slow by then, which is known', async () => {
      const { request, script, outcome, reports } = createDependencyFixture();
      const one = request([CLOSED], 160);
      await outcome(one.call('db', script([500, 1])));
      one.settle();
      expect(reports).toEqual([{ outcomes: [2], claimMs: 0 }]);
    });
  });

  describe('the breaker', () => {
    it('refuses with 503 and Retry-After, and calls nothing', async () => {
      const { request, script, outcome, begun, reports } = createDependencyFixture({ random: () => 0.999 });
      const open = { ...CLOSED, state: 'open', isWatched: true, retryMs: 4_500 } as const;
      const one = request([open]);
      const { error, ...others } = await outcome(one.call('db', script([0, 1]), { idempotent: true }));
      one.settle();
      expect(others).toMatchObject({ code: 'dependency-unavailable', status: 503 });
      // 4.5 s, and up to a fifth more.
      expect((error as ServiceError).headers).toEqual({ 'Retry-After': '6' });
      expect([begun, reports]).toEqual([[], []]);
    });

    it.each(['open', 'half-open', 'forced-open'] as const)('lets the fallback answer while it is %s', async (state) => {
      const { request, script } = createDependencyFixture();
      const fallback = (error: ServiceError) => error.code;
      const view = { ...CLOSED, state, isWatched: true };
      expect(await request([view]).call('db', script([0, 1]), { fallback })).toBe('dependency-unavailable');
    });

    it('records nothing where a lever has disabled it', async () => {
      const { request, script, outcome, reports } = createDependencyFixture();
      const one = request([{ ...CLOSED, state: 'disabled' }]);
      expect(await outcome(one.call('db', script([0, BROKEN])))).toMatchObject({ code: 'dependency-failed' });
      one.settle();
      expect(reports).toEqual([]);
    });

    it('is told of successes as well while it is watched', async () => {
      const { request, script, outcome, reports } = createDependencyFixture();
      const one = request([{ ...CLOSED, isWatched: true }]);
      await outcome(one.call('db', script([0, 1])));
      await outcome(one.call('db', script([160, 1])));
      one.settle();
      expect(reports).toEqual([{ outcomes: [0, 2], claimMs: 0 }]);
    });

    it('is probed by one call after the other, until one is bad, which is reported at once', async () => {
      const { request, script, outcome, begun, reports } = createDependencyFixture();
      const one = request([PROBE]);
      const all = [
        one.call('db', script([30, 'well']), { idempotent: true, hedge: true }),
        one.call('db', script([30, BROKEN]), { idempotent: true, hedge: true }),
        one.call('db', script([30, 'well'])),
      ].map((call) => call.catch((error: ServiceError) => error.code));
      await outcome(Promise.all(all));
      expect(await Promise.all(all)).toEqual(['well', 'dependency-failed', 'dependency-unavailable']);
      expect(begun.map(({ atMs }) => atMs)).toEqual([0, 30]);
      expect(reports).toEqual([{ outcomes: [0, 1], claimMs: 77 }]);
      one.settle();
      expect(reports.length).toBe(1);
    });

    it('gets its claim back from a request that made no call', () => {
      const { request, reports } = createDependencyFixture();
      request([PROBE]).settle();
      expect(reports).toEqual([{ outcomes: [], claimMs: 77 }]);
    });

    it('is the own one of the process where no store says anything', async () => {
      const { request, script, outcome, timers, reports, begun } = createDependencyFixture();
      const code = async (result: unknown) => {
        const one = request([]);
        const ended = await outcome(one.call('db', script([0, result])));
        one.settle();
        return ended.code ?? ended.value;
      };
      expect([await code(BROKEN), await code(BROKEN), await code(1)]).toEqual([
        'dependency-failed',
        'dependency-failed',
        'dependency-unavailable',
      ]);
      await timers.advance(1_001);
      expect([await code('well'), await code('well'), await code(BROKEN), await code('well')]).toEqual([
        'well',
        'well',
        'dependency-failed',
        'well',
      ]);
      expect([reports, begun.length]).toEqual([[], 6]);
    });
  });

  describe('the bulkhead', () => {
    it('lets so many run at a time, others wait for their turn, and refuses the rest', async () => {
      const { request, script, outcome, begun } = createDependencyFixture({ bulkhead: { concurrent: 2, queued: 1 } });
      const one = request();
      const all = [1, 2, 3, 4].map((value) => one.call('db', script([50, value])).catch((error) => error.code));
      await outcome(Promise.all(all));
      expect(await Promise.all(all)).toEqual([1, 2, 3, 'dependency-busy']);
      expect(begun.map(({ atMs }) => atMs)).toEqual([0, 0, 50]);
    });

    it('does not begin a call whose deadline passed while it waited', async () => {
      const { request, script, outcome, begun } = createDependencyFixture({ bulkhead: { concurrent: 1, queued: 9 } });
      const one = request([CLOSED], 100);
      const first = one.call('db', script([500, 1])).catch((error) => error.code);
      expect(await outcome(one.call('db', script([0, 2])))).toMatchObject({ code: 'deadline-passed', atMs: 100 });
      expect([await first, begun.length]).toEqual(['deadline-passed', 1]);
    });
  });
});
