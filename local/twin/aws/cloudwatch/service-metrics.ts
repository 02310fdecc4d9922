import type { Measurement } from './measurement.ts';

/** How a queue stands. */
export interface QueueLevel {
  readonly name: string;
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
  /** Since the twin started. */
  readonly sent: number;
  readonly deleted: number;
  /** Since when the oldest message that is not deleted is there; `undefined` in an empty queue. */
  readonly oldestSentMs: number | undefined;
}

/** How a function stands, and how often it ran since the twin started. */
export interface FunctionTotals {
  readonly name: string;
  readonly invocations: number;
  readonly failures: number;
  readonly throttles: number;
  readonly busy: number;
  /** Invocations that wait for an environment, which in AWS would have one each. */
  readonly waiting: number;
}

/** How far the consumer of a stream has come. */
export interface StreamLag {
  readonly streamName: string;
  readonly functionName: string;
  /** When the oldest record that is not done with was put; `undefined` where nothing waits. */
  readonly oldestMs: number | undefined;
}

/** What the twin's rooms know of their load. */
export interface ServiceLoad {
  readonly queues: readonly QueueLevel[];
  readonly functions: readonly FunctionTotals[];
  readonly streams: readonly StreamLag[];
}

type Row = readonly [metricName: string, value: number, unit: Measurement['unit'], kind: Measurement['kind']];

/** The same under CloudWatch's names; "Available CloudWatch metrics" of SQS, "Types of metrics" of Lambda, "Monitoring" of Kinesis. */
export function serviceMetrics({ queues, functions, streams }: ServiceLoad, nowMs: number): Measurement[] {
  const age = (sinceMs: number | undefined): number => (sinceMs === undefined ? 0 : Math.max(0, nowMs - sinceMs));
  const concurrency = functions.reduce((sum, { busy, waiting }) => sum + busy + waiting, 0);
  const oldest = new Map<string, number>();
  for (const { streamName, oldestMs } of streams) {
    oldest.set(streamName, Math.max(oldest.get(streamName) ?? 0, age(oldestMs)));
  }
  return [
    ...queues.flatMap(({ name, visible, inFlight, delayed, sent, deleted, oldestSentMs }) =>
      rows('AWS/SQS', 'QueueName', name, [
        ['ApproximateAgeOfOldestMessage', Math.floor(age(oldestSentMs) / 1_000), 'Seconds', 'level'],
        ['ApproximateNumberOfMessagesVisible', visible, 'Count', 'level'],
        ['ApproximateNumberOfMessagesNotVisible', inFlight, 'Count', 'level'],
        ['ApproximateNumberOfMessagesDelayed', delayed, 'Count', 'level'],
        ['NumberOfMessagesSent', sent, 'Count', 'total'],
        ['NumberOfMessagesDeleted', deleted, 'Count', 'total'],
      ]),
    ),
    ...functions.flatMap(({ name, invocations, failures, throttles, busy, waiting }) =>
      rows('AWS/Lambda', 'FunctionName', name, [
        ['Invocations', invocations, 'Count', 'total'],
        ['Errors', failures, 'Count', 'total'],
        ['Throttles', throttles, 'Count', 'total'],
        ['ConcurrentExecutions', busy + waiting, 'Count', 'level'],
      ]),
    ),
    ...rows('AWS/Lambda', undefined, '', [['ConcurrentExecutions', concurrency, 'Count', 'level']]),
    ...streams.flatMap(({ functionName, oldestMs }) =>
      rows('AWS/Lambda', 'FunctionName', functionName, [['IteratorAge', age(oldestMs), 'Milliseconds', 'level']]),
    ),
    ...[...oldest].flatMap(([streamName, ageMs]) =>
      rows('AWS/Kinesis', 'StreamName', streamName, [
        ['GetRecords.IteratorAgeMilliseconds', ageMs, 'Milliseconds', 'level'],
      ]),
    ),
  ];
}

function rows(
  namespace: Measurement['namespace'],
  dimension: string | undefined,
  name: string,
  metrics: readonly Row[],
): Measurement[] {
  const dimensions = dimension === undefined ? [] : [{ Name: dimension, Value: name }];
  return metrics.map(([metricName, value, unit, kind]) => ({ namespace, metricName, dimensions, value, unit, kind }));
}
