import { describe, expect, it } from 'vitest';
import { serviceMetrics } from '../../../../../local/twin/aws/cloudwatch/service-metrics.ts';

const NOW_MS = 1_000_000;
const measuredOf = (load: Partial<Parameters<typeof serviceMetrics>[0]>, metricName: string, name?: string) =>
  serviceMetrics({ queues: [], functions: [], streams: [], ...load }, NOW_MS).find(
    (metric) => metric.metricName === metricName && metric.dimensions[0]?.Value === name,
  )?.value;
const fn = { name: 'feed', invocations: 9, failures: 2, throttles: 3, busy: 4, waiting: 1 };

describe('serviceMetrics', () => {
  it('tells how long the oldest message of a queue is there, in whole seconds, and 0 of an empty queue', () => {
    const queue = { name: 'work', visible: 2, inFlight: 1, delayed: 0, sent: 9, deleted: 6 };
    const age = 'ApproximateAgeOfOldestMessage';
    expect(measuredOf({ queues: [{ ...queue, oldestSentMs: NOW_MS - 61_900 }] }, age, 'work')).toBe(61);
    expect(measuredOf({ queues: [{ ...queue, oldestSentMs: undefined }] }, age, 'work')).toBe(0);
    expect(measuredOf({ queues: [{ ...queue, oldestSentMs: NOW_MS + 5 }] }, age, 'work')).toBe(0);
  });

  it('tells what came into a queue and what was done with, as growing totals', () => {
    const queues = [
      { name: 'work', visible: 2, inFlight: 1, delayed: 0, sent: 9, deleted: 6, oldestSentMs: undefined },
    ];
    expect(measuredOf({ queues }, 'NumberOfMessagesSent', 'work')).toBe(9);
    expect(measuredOf({ queues }, 'NumberOfMessagesDeleted', 'work')).toBe(6);
    const kinds = serviceMetrics({ queues, functions: [], streams: [] }, NOW_MS)
      .filter(({ metricName }) => metricName.startsWith('NumberOfMessages'))
      .map(({ kind }) => kind);
    expect(kinds).toEqual(['total', 'total']);
  });

  it('counts as concurrent what waits for an environment, by function and for the account', () => {
    const functions = [fn, { ...fn, name: 'identity', busy: 10, waiting: 0 }];
    expect(measuredOf({ functions }, 'ConcurrentExecutions', 'feed')).toBe(5);
    expect(measuredOf({ functions }, 'ConcurrentExecutions')).toBe(15);
    expect(measuredOf({ functions }, 'Throttles', 'feed')).toBe(3);
    expect(measuredOf({ functions }, 'Errors', 'feed')).toBe(2);
  });

  it('tells the iterator age of each consumer, and of a stream that of the slowest', () => {
    const streams = [
      { streamName: 'events', functionName: 'quick', oldestMs: undefined },
      { streamName: 'events', functionName: 'slow', oldestMs: NOW_MS - 2_500 },
    ];
    expect(measuredOf({ streams }, 'IteratorAge', 'quick')).toBe(0);
    expect(measuredOf({ streams }, 'IteratorAge', 'slow')).toBe(2_500);
    expect(measuredOf({ streams }, 'GetRecords.IteratorAgeMilliseconds', 'events')).toBe(2_500);
  });
});
