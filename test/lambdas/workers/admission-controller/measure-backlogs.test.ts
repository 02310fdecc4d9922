import { describe, expect, it } from 'vitest';
import type { MetricQuery } from '../../../../lambdas/adapters/controls/metric-reader.ts';
import { measureBacklogs } from '../../../../lambdas/workers/admission-controller/measure-backlogs.ts';
import { RecordingLogger } from '../../../support/recording-logger.ts';

const VIDEO = { work: 'video', queueName: 'dev-video', maxAgeSeconds: 60 };
const ACTIVITY = { work: 'activity', queueName: 'dev-activity', maxAgeSeconds: 600 };
const NOW_MS = 1_000_000;

/** `<queue> <metric> <take>` → value. */
function setUp(values: Readonly<Record<string, number>>, backlogs = [VIDEO, ACTIVITY]) {
  const asked: string[][] = [];
  const counted: string[] = [];
  const logger = new RecordingLogger();
  const name = ({ dimensions, metricName, take }: MetricQuery) => `${dimensions.QueueName} ${metricName} ${take}`;
  const metrics = {
    read: async (queries: readonly MetricQuery[]) => {
      asked.push(queries.map(name));
      if (values.fails !== undefined && asked.length >= values.fails) throw new Error('CloudWatch is gone');
      return new Map(queries.flatMap((query) => (name(query) in values ? [[query.id, values[name(query)] ?? 0]] : [])));
    },
  };
  const measure = (known?: Parameters<typeof measureBacklogs>[1]['backlogs']) =>
    measureBacklogs(
      { backlogs, metrics, logger, count: (metric) => void counted.push(metric) },
      { backlogs: known, nowMs: NOW_MS },
    );
  return { measure, asked, counted, logger };
}

describe('measureBacklogs', () => {
  it('tells of a queue that is behind how much waits, and how fast it comes and goes', async () => {
    const { measure, asked } = setUp({
      'dev-video ApproximateAgeOfOldestMessage newest': 90,
      'dev-activity ApproximateAgeOfOldestMessage newest': 90,
      'dev-video ApproximateNumberOfMessagesVisible newest': 321,
      'dev-video NumberOfMessagesDeleted rate': 1.23456,
      'dev-video NumberOfMessagesSent rate': 0.5,
    });
    expect(await measure()).toEqual({
      video: { ageSeconds: 90, waiting: 321, drainPerSecond: 1.23, arrivalsPerSecond: 0.5, measuredAtMs: NOW_MS },
    });
    // More than the age is asked of those alone that are behind.
    expect(asked.map((queries) => queries.length)).toEqual([2, 3]);
  });

  it.each([
    ['is within its budget', { 'dev-video ApproximateAgeOfOldestMessage newest': 60 }],
    ['is idle, and has no age', {}],
  ])('tells nothing of a queue that %s', async (_what, values) => {
    const { measure, asked } = setUp(values);
    const known = { video: { ageSeconds: 90, waiting: 1, drainPerSecond: 1, arrivalsPerSecond: 0, measuredAtMs: 1 } };
    expect(await measure(known)).toEqual({});
    expect(asked).toHaveLength(1);
  });

  it('tells nothing of a queue in which nothing waits but what failed and is to be tried again', async () => {
    const { measure } = setUp({
      'dev-video ApproximateAgeOfOldestMessage newest': 1_127,
      'dev-video ApproximateNumberOfMessagesVisible newest': 0,
    });
    expect(await measure()).toEqual({});
  });

  it('takes what CloudWatch does not know for nothing', async () => {
    const { measure } = setUp({ 'dev-video ApproximateAgeOfOldestMessage newest': 61 });
    expect(await measure()).toMatchObject({ video: { waiting: 0, drainPerSecond: 0, arrivalsPerSecond: 0 } });
  });

  it.each([1, 2])('tells on what was known, with its time, where CloudWatch fails at question %d', async (fails) => {
    const known = { video: { ageSeconds: 90, waiting: 9, drainPerSecond: 1, arrivalsPerSecond: 0, measuredAtMs: 1 } };
    const { measure, counted, logger } = setUp({ 'dev-video ApproximateAgeOfOldestMessage newest': 500, fails });
    expect(await measure(known)).toEqual(known);
    expect(await measure()).toEqual({});
    expect(counted).toContain('SignalsUnavailable');
    expect(logger.lines.at(-1)).toMatchObject({ level: 'error' });
  });

  it('asks nothing where nobody goes by a backlog', async () => {
    const { measure, asked } = setUp({}, []);
    expect(await measure()).toEqual({});
    expect(asked).toEqual([]);
  });
});
