import { describe, expect, it } from 'vitest';
import type { SignalSpec } from '../../../../lambdas/contract/controller-spec.ts';
import { measureLoad } from '../../../../lambdas/resilience/load-signals.ts';
import { planSignals } from '../../../../lambdas/workers/admission-controller/signal-readings.ts';

/** Load where CloudWatch says these values, in the order of the queries. */
function load(signal: SignalSpec, ...values: (number | undefined)[]) {
  return measureLoad(planSignals([signal])[0]?.readings((index) => values[index], []) ?? []);
}

describe('planSignals', () => {
  it('asks for the metric that AWS has for each kind, with ids that differ', () => {
    const signals: SignalSpec[] = [
      { kind: 'queue', name: 'work', maxAgeSeconds: 60 },
      { kind: 'stream', name: 'events', maxAgeSeconds: 60 },
      { kind: 'consumer', name: 'worker', maxAgeSeconds: 60 },
      { kind: 'function', name: 'feed', reservedConcurrency: 10 },
      { kind: 'account', concurrency: 1_000 },
    ];
    const queries = planSignals(signals).flatMap(({ queries }) => queries);
    expect(queries.map(({ namespace, metricName, dimensions }) => [namespace, metricName, dimensions])).toEqual([
      ['AWS/SQS', 'ApproximateAgeOfOldestMessage', { QueueName: 'work' }],
      ['AWS/Kinesis', 'GetRecords.IteratorAgeMilliseconds', { StreamName: 'events' }],
      ['AWS/Lambda', 'IteratorAge', { FunctionName: 'worker' }],
      ['AWS/Lambda', 'Throttles', { FunctionName: 'feed' }],
      ['AWS/Lambda', 'Invocations', { FunctionName: 'feed' }],
      ['AWS/Lambda', 'ConcurrentExecutions', { FunctionName: 'feed' }],
      ['AWS/Lambda', 'ConcurrentExecutions', {}],
    ]);
    expect(new Set(queries.map(({ id }) => id)).size).toBe(queries.length);
    // CloudWatch wants ids that begin with a small letter.
    for (const { id } of queries) expect(id).toMatch(/^[a-z]\w*$/);
  });

  it('takes a backlog for load from its budget on, and for too much at twice that', () => {
    const queue: SignalSpec = { kind: 'queue', name: 'work', maxAgeSeconds: 60 };
    expect(load(queue, 60).overload).toBe(0);
    expect(load(queue, 120).overload).toBe(1);
    expect(load(queue, 90)).toEqual({
      overload: 0.5,
      causes: ["the oldest message of the queue 'work' waits 90 s, with a budget of 60 s"],
    });
    expect(load(queue, undefined).overload).toBe(0);
  });

  it('reads the ages of streams in milliseconds', () => {
    expect(load({ kind: 'stream', name: 'events', maxAgeSeconds: 60 }, 90_000).overload).toBe(0.5);
    expect(load({ kind: 'consumer', name: 'worker', maxAgeSeconds: 60 }, 60_000).overload).toBe(0);
  });

  it('goes by the share of invocations that Lambda refused', () => {
    const feed: SignalSpec = { kind: 'function', name: 'feed' };
    expect(load(feed, 5, 95)).toEqual({
      overload: 0.5,
      causes: ["Lambda refused 5 of 100 invocations of 'feed'"],
    });
    expect(load(feed, 0, 95).overload).toBe(0);
    expect(load(feed).overload).toBe(0);
    // All of them were refused.
    expect(load(feed, 3, undefined).overload).toBe(1);
  });

  it('looks at a breaker in the store, and asks CloudWatch nothing for it', () => {
    const [planned] = planSignals([{ kind: 'breaker', service: 'Feed', dependency: 'search', overload: 0.6 }]);
    expect(planned?.queries).toEqual([]);
    expect(planned?.breaker).toEqual({ service: 'Feed', dependency: 'search' });
    const loadOf = (...shards: ('closed' | 'open')[]) => measureLoad(planned?.readings(() => undefined, shards) ?? []);
    expect(loadOf('open', 'closed')).toEqual({
      overload: 0.6,
      causes: ["the breaker of 'Feed' for 'search' is open in 1 of 2 shards"],
    });
    expect([loadOf('closed'), loadOf()]).toEqual([
      { overload: 0, causes: [] },
      { overload: 0, causes: [] },
    ]);
  });

  it('goes by the concurrency that is in use of what is reserved, or of the account', () => {
    const feed: SignalSpec = { kind: 'function', name: 'feed', reservedConcurrency: 10 };
    expect(load(feed, 0, 1, 8).overload).toBe(0);
    expect(load(feed, 0, 1, 9).overload).toBeCloseTo(0.5);
    expect(load(feed, 0, 1, 9).causes).toEqual(["'feed' uses 9 of 10 concurrent invocations"]);
    expect(load({ kind: 'account', concurrency: 1_000 }, 1_000).overload).toBe(1);
  });
});
