import type { MetricQuery, MetricReader } from '../../adapters/controls/metric-reader.ts';
import type { ServiceLogger } from '../../adapters/logger.ts';
import type { BacklogSpec } from '../../contract/controller-spec.ts';
import type { Controls } from '../../contract/controls.ts';

export interface MeasureBacklogsDependencies {
  readonly backlogs: readonly BacklogSpec[];
  readonly metrics: MetricReader;
  readonly logger: ServiceLogger;
  readonly count: (metric: 'SignalsUnavailable') => void;
}

type Backlogs = NonNullable<Controls['backlogs']>;

/** Three significant digits: what is told is for people, and for a time to come back. */
const DIGITS = 3;

/**
 * The queues that are behind, with what CloudWatch knows of them. Within its budget, or where nothing waits in it, a queue is
 * not told of at all, so that a quiet minute is no news for the fleet; within its budget nor is it asked for more than its age.
 *
 * While CloudWatch cannot be asked, what it said last is told on, with the time at which it did: whoever goes by it does
 * so for as long as that may hold.
 */
export async function measureBacklogs(
  { backlogs, metrics, logger, count }: MeasureBacklogsDependencies,
  known: { readonly backlogs: Backlogs | undefined; readonly nowMs: number },
): Promise<Backlogs> {
  if (backlogs.length === 0) return {};
  const { nowMs } = known;
  try {
    const ages = await metrics.read(backlogs.map((backlog, index) => ageQuery(backlog, index)));
    const behind = backlogs.flatMap((backlog, index) => {
      const ageSeconds = ages.get(`age${index}`);
      return ageSeconds !== undefined && ageSeconds > backlog.maxAgeSeconds ? [{ ...backlog, ageSeconds }] : [];
    });
    if (behind.length === 0) return {};
    const figures = await metrics.read(behind.flatMap(figureQueries));
    const entries = behind.flatMap(({ work, ageSeconds }, index) => {
      const waiting = figures.get(`waiting${index}`);
      // What a worker has in hand, and what comes back after a failure, has an age as well. Nobody waits behind it.
      if (waiting === 0) return [];
      const backlog = {
        ageSeconds,
        waiting: waiting ?? 0,
        drainPerSecond: rounded(figures.get(`drain${index}`) ?? 0),
        arrivalsPerSecond: rounded(figures.get(`arrivals${index}`) ?? 0),
        measuredAtMs: nowMs,
      };
      return [[work, backlog]];
    });
    return Object.fromEntries(entries);
  } catch (error) {
    count('SignalsUnavailable');
    logger.error('CloudWatch cannot be asked for backlogs; what it showed last holds for a while', {
      error: error as Error,
    });
    return known.backlogs ?? {};
  }
}

function ageQuery(backlog: BacklogSpec, index: number): MetricQuery {
  return { id: `age${index}`, ...ofQueue(backlog, 'ApproximateAgeOfOldestMessage'), take: 'newest' };
}

function figureQueries(backlog: BacklogSpec, index: number): MetricQuery[] {
  return [
    { id: `waiting${index}`, ...ofQueue(backlog, 'ApproximateNumberOfMessagesVisible'), take: 'newest' },
    { id: `drain${index}`, ...ofQueue(backlog, 'NumberOfMessagesDeleted'), take: 'rate' },
    { id: `arrivals${index}`, ...ofQueue(backlog, 'NumberOfMessagesSent'), take: 'rate' },
  ];
}

function ofQueue({ queueName }: BacklogSpec, metricName: string): Omit<MetricQuery, 'id' | 'take'> {
  return { namespace: 'AWS/SQS', metricName, dimensions: { QueueName: queueName } };
}

function rounded(perSecond: number): number {
  return Number(perSecond.toPrecision(DIGITS));
}
