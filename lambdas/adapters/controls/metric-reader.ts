import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { awsClientOptions } from '../aws-client-options.ts';
import type { Clock } from '../clock.ts';

/** One number to be read. */
export interface MetricQuery {
  readonly id: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /**
   * `newest`: the highest value of the last minute that there is one of. `sum`: of all the minutes looked at. `rate`: of a
   * second, over those minutes that there is one of.
   */
  readonly take: 'newest' | 'sum' | 'rate';
}

export interface MetricReader {
  /** Value by id; a metric without values is left out. Rejects once the SDK's attempts are used up. */
  read(queries: readonly MetricQuery[]): Promise<ReadonlyMap<string, number>>;
}

const PERIOD_SECONDS = 60;
/** Metrics of SQS and Lambda arrive up to some minutes late. */
const LOOK_BACK_MS = 300_000;
/** GetMetricData takes 500 queries. */
const QUERIES_MAX = 500;

export function createMetricReader(client: CloudWatchClient, clock: Clock): MetricReader {
  return {
    async read(queries) {
      const values = new Map<string, number>();
      for (let start = 0; start < queries.length; start += QUERIES_MAX) {
        await readPage(queries.slice(start, start + QUERIES_MAX), values);
      }
      return values;
    },
  };

  async function readPage(queries: readonly MetricQuery[], values: Map<string, number>): Promise<void> {
    const nowMs = clock.now();
    const { MetricDataResults = [] } = await client.send(
      new GetMetricDataCommand({
        StartTime: new Date(nowMs - LOOK_BACK_MS),
        EndTime: new Date(nowMs),
        ScanBy: 'TimestampDescending',
        MetricDataQueries: queries.map(({ id, namespace, metricName, dimensions, take }) => ({
          Id: id,
          MetricStat: {
            Metric: {
              Namespace: namespace,
              MetricName: metricName,
              Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
            },
            Period: PERIOD_SECONDS,
            Stat: take === 'newest' ? 'Maximum' : 'Sum',
          },
        })),
      }),
    );
    const takeOf = new Map(queries.map(({ id, take }) => [id, take]));
    for (const { Id = '', Values = [] } of MetricDataResults) {
      const [newest] = Values;
      if (newest === undefined) continue;
      const sum = Values.reduce((total, value) => total + value, 0);
      const taken = { newest, sum, rate: sum / (Values.length * PERIOD_SECONDS) };
      values.set(Id, taken[takeOf.get(Id) ?? 'newest']);
    }
  }
}

/** The CloudWatch client of one Lambda environment. */
export function createCloudWatchClient(): CloudWatchClient {
  return new CloudWatchClient(awsClientOptions());
}
