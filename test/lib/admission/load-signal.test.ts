import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import { LoadSignal } from '../../../lib/admission/load-signal.ts';
import { EventStream } from '../../../lib/messaging/event-stream.ts';
import { StreamWorker } from '../../../lib/messaging/stream-worker.ts';
import { FIXTURE_HANDLERS, flaggedStack } from '../../support/flagged-app.ts';

function resources() {
  const stack = flaggedStack();
  const events = new EventStream(stack, 'Events', {
    retention: Duration.days(1),
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const worker = new StreamWorker(stack, 'Worker', {
    handler: 'workers/echo',
    handlersDirectory: FIXTURE_HANDLERS,
    description: 'Works',
    source: events,
  });
  return { stack, stream: events.stream, worker, queue: new Queue(stack, 'Work') };
}

describe('LoadSignal', () => {
  it('is about a queue, a stream, a worker, a function or the account, by name', () => {
    const { stack, stream, worker, queue } = resources();
    const maxAge = Duration.minutes(2);
    const functionName = worker.function.function.functionName;
    const signals = [
      LoadSignal.queue(queue, { maxAge }),
      LoadSignal.stream(stream, { maxAge }),
      LoadSignal.worker(worker, { maxAge }),
      LoadSignal.function(worker.function),
      LoadSignal.function(worker.function, { reservedConcurrency: 5 }),
      LoadSignal.account({ concurrency: 1_000 }),
    ];
    expect(stack.resolve(signals.map(({ spec }) => spec))).toEqual(
      stack.resolve([
        { kind: 'queue', name: queue.queueName, maxAgeSeconds: 120 },
        { kind: 'stream', name: stream.streamName, maxAgeSeconds: 120 },
        { kind: 'consumer', name: functionName, maxAgeSeconds: 120 },
        { kind: 'function', name: functionName },
        { kind: 'function', name: functionName, reservedConcurrency: 5 },
        { kind: 'account', concurrency: 1_000 },
      ]),
    );
  });

  it('is about the breaker of a service', () => {
    expect(LoadSignal.breaker('Feed', 'search').spec).toEqual({
      ...{ kind: 'breaker', service: 'Feed', dependency: 'search', overload: 0.5 },
    });
    expect(LoadSignal.breaker('Feed', 'search', { overload: 1 }).spec).toMatchObject({ overload: 1 });
  });

  it.each([0, 0.009, -0.5, 1.01, Number.NaN])('fails for an overload of %d', (overload) => {
    expect(() => LoadSignal.breaker('Feed', 'search', { overload })).toThrow(
      `load signal of the breaker of 'Feed' for 'search': overload must be a number between 0.01 and 1, got ${overload}`,
    );
  });

  it.each([
    [Duration.seconds(9), '9 seconds'],
    [Duration.days(15), '15 days'],
    [Duration.seconds(Number.NaN), 'NaN'],
    [Duration.millis(10_500), '10 seconds'],
  ])('fails for a maxAge of %s', (maxAge, got) => {
    const { queue } = resources();
    expect(() => LoadSignal.queue(queue, { maxAge })).toThrow(
      `load signal of a queue: maxAge must be whole seconds between 10 seconds and 14 days, got ${got}`,
    );
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('fails for a concurrency of %d', (concurrency) => {
    expect(() => LoadSignal.account({ concurrency })).toThrow(
      `load signal of the account: concurrency must be a whole number of at least 1, got ${concurrency}`,
    );
    const { worker } = resources();
    expect(() => LoadSignal.function(worker.function, { reservedConcurrency: concurrency })).toThrow(
      `load signal of a function: reservedConcurrency must be a whole number of at least 1, got ${concurrency}`,
    );
  });
});
