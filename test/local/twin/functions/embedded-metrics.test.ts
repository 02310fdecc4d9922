import { describe, expect, it } from 'vitest';
import { type MetricDatum, readEmbeddedMetrics } from '../../../../local/twin/functions/embedded-metrics.ts';

type Call = readonly [string, readonly MetricDatum[]];

function read(document: unknown, prefix = ''): Call[] {
  const calls: Call[] = [];
  const text = prefix + (typeof document === 'string' ? document : JSON.stringify(document));
  readEmbeddedMetrics(text, (namespace, data) => calls.push([namespace, data]));
  return calls;
}

const metrics = [{ Name: 'Latency', Unit: 'Milliseconds' }];
const emf = (directive: Record<string, unknown>, fields: Record<string, unknown> = {}) => ({
  _aws: { Timestamp: 1_700_000_000_500, CloudWatchMetrics: [{ Namespace: 'App', Metrics: metrics, ...directive }] },
  Latency: 12,
  route: '/feed',
  stage: 'dev',
  ...fields,
});

describe('readEmbeddedMetrics', () => {
  it('reads a metric with its dimensions, as PutMetricData has it', () => {
    expect(read(emf({ Dimensions: [['route', 'stage']] }))).toEqual([
      [
        'App',
        [
          {
            MetricName: 'Latency',
            Dimensions: [
              { Name: 'route', Value: '/feed' },
              { Name: 'stage', Value: 'dev' },
            ],
            Timestamp: 1_700_000_000.5,
            Unit: 'Milliseconds',
            Value: 12,
            StorageResolution: 60,
          },
        ],
      ],
    ]);
  });

  it('reads each set of dimensions as metrics of its own', () => {
    const calls = read(emf({ Dimensions: [['route'], ['stage'], []] }));
    expect(calls.map(([, [datum]]) => datum?.Dimensions.map(({ Name }) => Name))).toEqual([['route'], ['stage'], []]);
  });

  it('reads several values, without a unit, at high resolution', () => {
    const [call] = read(emf({ Metrics: [{ Name: 'Latency', StorageResolution: 1 }] }, { Latency: [1, 2.5] }));
    expect(call?.[1]).toMatchObject([{ Values: [1, 2.5], Counts: [1, 1], Unit: 'None', StorageResolution: 1 }]);
  });

  it("looks behind the prefix of Lambda's text format", () => {
    expect(read(emf({}), '2026-11-01T00:00:00.000Z\tr-1\tINFO\t')).toHaveLength(1);
  });

  it.each([
    ['plain text', 'hello'],
    ['text that only names the word', 'the member "_aws" is missing {'],
    ['no time', { _aws: { CloudWatchMetrics: [{ Namespace: 'App', Metrics: metrics }] }, Latency: 1 }],
    ['no directives', { _aws: { Timestamp: 1 }, Latency: 1 }],
    ['no namespace', emf({ Namespace: '' })],
    ['a dimension that is no field', emf({ Dimensions: [['nothing']] })],
    ['more than 30 dimensions', emf({ Dimensions: [Array.from({ length: 31 }, () => 'route')] })],
    ['a value that is no number', emf({}, { Latency: '12' })],
    ['more than 100 values', emf({}, { Latency: Array.from({ length: 101 }, () => 1) })],
    ['more than 100 metrics', emf({ Metrics: Array.from({ length: 101 }, () => metrics[0]) })],
  ])('ignores %s', (_, document) => {
    expect(read(document)).toEqual([]);
  });
});
