import { isDeepStrictEqual } from 'node:util';
import { createAnalyticsTable } from '../lambdas/adapters/analytics-table.ts';
import { systemClock } from '../lambdas/adapters/clock.ts';
import { systemTimer } from '../lambdas/adapters/dependencies/set-timer.ts';
import { createWait } from '../lambdas/adapters/dependencies/wait.ts';
import { createFollowsTable } from '../lambdas/adapters/follows-table.ts';
import { createNotificationsWriter } from '../lambdas/adapters/notifications-writer.ts';
import { type DomainEvent, EVENT_SCHEMAS, type EventType } from '../lambdas/contract/events/domain-event.ts';
import { createStreamBatchWorker } from '../lambdas/middleware/stream-batch-worker.ts';
import { createStreamKeyWorker } from '../lambdas/middleware/stream-key-worker.ts';
import type { EventOf } from '../lambdas/middleware/workers/read-event.ts';
import { createCountEvents } from '../lambdas/workers/analytics/count-events.ts';
import { AUTHORS_IN_FLIGHT, MAX_TOGETHER, notifyFollowers } from '../lambdas/workers/notifications/notify-followers.ts';
import { alternate } from './alternate.ts';
import { type DynamoDbThread, startDynamoDbThread } from './dynamodb-thread.ts';
import { type BenchWorker, plainLoop, putForEachFollower } from './plain-loop.ts';
import { checkBound, printRatios } from './report.ts';
import { AUTHORS, feedUpdated, postViewed, record, START_MS } from './worker-events.ts';
import { createTable, itemsOf } from './worker-tables.ts';

/** Events of one invocation, as `StreamWorker` delivers them at most by default. */
const BATCH = 100;
const FOLLOWERS = 10;

const timing = { wait: createWait(systemTimer), random: Math.random };
/** What fails shows in the final state. */
const logger = { debug: () => {}, info: () => {}, warn: console.warn, error: console.error };
const context = { getRemainingTimeInMillis: () => 60_000 };

/**
 * The notification and the analytics worker, against plain loops with Powertools batch that await each record, on the twin's
 * DynamoDB. All must leave the same behind.
 *
 * Here a call costs its processor time and nearly no waiting, so what shows is how many calls a worker saves; in AWS it
 * waits some milliseconds for each of them, which a loop does one after the other.
 */
export async function benchWorkers(): Promise<void> {
  const database = await startDynamoDbThread();
  try {
    await createTable(database.client, 'follows', 'follows');
    const follows = createFollowsTable(database.client, 'follows');
    for (let author = 0; author < AUTHORS; author += 1) {
      const fans = Array.from({ length: FOLLOWERS }, (_, at) => `fan ${author}.${at}`);
      const createdAt = new Date(START_MS).toISOString();
      await Promise.all(
        fans.map((followerId) => follows.put({ followerId, followeeId: `author ${author}`, createdAt })),
      );
    }
    const notify = (table: string) => {
      const notifications = createNotificationsWriter(database.client, table, timing);
      return (events: readonly EventOf<'FeedUpdated'>[], signal: AbortSignal) =>
        notifyFollowers({ follows, notifications }, events, signal);
    };
    await compare(database, 'notifications', feedUpdated, [
      [
        'plain loop, a put for each follower',
        (table) => plainLoop(['FeedUpdated'], putForEachFollower(database.client, table, follows)),
      ],
      [
        'plain loop, with what the worker calls',
        (table) => {
          const notifyAll = notify(table);
          return plainLoop(['FeedUpdated'], (event, signal) => notifyAll([event], signal));
        },
      ],
      [
        'notifications worker',
        (table) => {
          const worker = createStreamKeyWorker({
            types: ['FeedUpdated'],
            handleEvents: notify(table),
            maxTogether: MAX_TOGETHER,
            concurrency: AUTHORS_IN_FLIGHT,
            setTimer: systemTimer,
            logger,
          });
          return (event) => worker(event, context);
        },
      ],
    ]);

    const types = Object.keys(EVENT_SCHEMAS) as EventType[];
    const count = (table: string) =>
      createCountEvents({
        ...timing,
        table: createAnalyticsTable(database.client, table),
        clock: systemClock,
        // The same slots for both, so that the same is left behind.
        random: () => 0,
        logger,
      });
    await compare(database, 'analytics', postViewed, [
      [
        'plain loop, with what the worker calls',
        (table) => {
          const countEvents = count(table);
          return plainLoop(types, async (event, signal) => {
            const failed = await countEvents([event], signal);
            if (failed.size > 0) throw new Error('not counted');
          });
        },
      ],
      [
        'analytics worker',
        (table) => {
          const worker = createStreamBatchWorker({ types, handleBatch: count(table), setTimer: systemTimer, logger });
          return (event) => worker(event, context);
        },
      ],
    ]);
  } finally {
    await database.stop();
  }
}

/** Compares with the first of them; the last one is ours. */
async function compare(
  { client }: DynamoDbThread,
  like: 'notifications' | 'analytics',
  eventAt: (at: number) => DomainEvent,
  named: readonly (readonly [name: string, workerOf: (table: string) => BenchWorker])[],
): Promise<void> {
  const contestants = named.map(([name, workerOf], at) => ({ name, table: `${like}-${at}`, workerOf }));
  for (const { table } of contestants) await createTable(client, table, like);
  const ratios = await alternate(
    contestants.map(({ name, table, workerOf }) => ({ name, run: stream(workerOf(table), eventAt) })),
    { rounds: 9, times: 3 * BATCH },
  );
  printRatios(`An event in the ${like} worker`, ratios);
  const states = await Promise.all(contestants.map(async ({ table }) => sorted(await itemsOf(client, table))));
  if (states[0]?.length === 0 || !states.every((state) => isDeepStrictEqual(state, states[0]))) {
    throw new Error(`the ${like} worker and its peers have not left the same behind`);
  }
  // At least 3 × the throughput.
  const measured = ratios.at(-1)?.median ?? Number.NaN;
  checkBound({ what: `time of the ${like} worker / ${named[0]?.[0]}`, measured, atMost: 1 / 3 });
}

/** Delivers events in batches, each event once. */
function stream(worker: BenchWorker, eventAt: (at: number) => DomainEvent) {
  let next = 0;
  return async (times: number) => {
    for (let left = times; left > 0; left -= BATCH) {
      const Records = Array.from({ length: Math.min(BATCH, left) }, () => record(next, eventAt(next++)));
      const { batchItemFailures } = await worker({ Records });
      if (batchItemFailures.length > 0) throw new Error(`${batchItemFailures.length} events failed`);
    }
  };
}

function sorted(items: readonly Readonly<Record<string, unknown>>[] = []): string[] {
  return items.map((item) => JSON.stringify(Object.entries(item).sort())).sort();
}
