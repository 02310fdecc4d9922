import { TransactionCanceledException, TransactionInProgressException } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COUNT_SLOTS, type CountedEvent } from '../../../lambdas/adapters/analytics-counts.ts';
import { createAnalyticsReports } from '../../../lambdas/adapters/analytics-reports.ts';
import { createAnalyticsTable } from '../../../lambdas/adapters/analytics-table.ts';
import { ANALYTICS_TABLE, type AnalyticsDatabase, startAnalyticsDatabase } from '../../support/analytics-database.ts';

const signal = new AbortController().signal;
const MINUTE = 60_000;
const DAY = 86_400_000;
/** Each test has a day of its own. */
let day = Date.UTC(2026, 0, 1);
const view = (id: string, atMs: number, postId = 'p1'): CountedEvent => ({ id, type: 'PostViewed', atMs, postId });
const post = (id: string, atMs: number): CountedEvent => ({ id, type: 'FeedUpdated', atMs });

describe('analytics table', () => {
  let database: AnalyticsDatabase;
  beforeAll(async () => {
    database = await startAnalyticsDatabase();
  });
  afterAll(() => database.close());
  const table = () => createAnalyticsTable(database.client, ANALYTICS_TABLE);
  const reports = () => createAnalyticsReports(database.client, ANALYTICS_TABLE);
  const nextDay = () => {
    day += DAY;
    return day;
  };

  it('counts events by type, minute, day and post, over all slots', async () => {
    const at = nextDay();
    const first = [view('a1', at), view('a2', at + 1), post('a3', at), view('a4', at + MINUTE, 'p2')];
    expect(await table().countOnce(first, 0, signal)).toBe('counted');
    expect(await table().countOnce([view('a5', at)], COUNT_SLOTS - 1, signal)).toBe('counted');
    expect(await reports().countsBetween('minute', at, at + 2 * MINUTE)).toEqual([
      { startMs: at, counts: { PostViewed: 3, FeedUpdated: 1 } },
      { startMs: at + MINUTE, counts: { PostViewed: 1 } },
    ]);
    expect(await reports().countsBetween('day', at, at + DAY)).toEqual([
      { startMs: at, counts: { PostViewed: 4, FeedUpdated: 1 } },
    ]);
    expect(await reports().mostViewed(at, 10)).toEqual([
      { postId: 'p1', views: 3 },
      { postId: 'p2', views: 1 },
    ]);
  });

  it('counts none of the events where one was counted before, and says which', async () => {
    const at = nextDay();
    await table().countOnce([view('b1', at)], 0, signal);
    const again = [view('b1', at), view('b2', at)];
    expect(await table().countOnce(again, 1, signal)).toBe('repeated');
    expect(await table().countedOf(again, signal)).toEqual(new Set(['b1']));
    expect(await reports().countsBetween('day', at, at + DAY)).toEqual([{ startMs: at, counts: { PostViewed: 1 } }]);
  });

  it('takes as many items as DynamoDB does, and looks up as many markers', async () => {
    const at = nextDay();
    const events = Array.from({ length: 97 }, (_, n) => view(`c${n}`, at));
    expect(await table().countOnce(events, 0, signal)).toBe('counted');
    const more = [...events, view('c97', at), view('c98', at), view('c99', at)];
    expect((await table().countedOf(more, signal)).size).toBe(97);
    await expect(
      table().countOnce(
        more.map((each) => ({ ...each, id: `${each.id}-` })),
        0,
        signal,
      ),
    ).rejects.toThrow('less than or equal to 100');
  });

  it('says that DynamoDB was busy where another transaction was in the way, or the partition at its limit', async () => {
    const canceled = (...codes: string[]) =>
      new TransactionCanceledException({
        message: 'cancelled',
        $metadata: {},
        CancellationReasons: codes.map((Code) => ({ Code })),
      });
    const outcome = (error: Error) => {
      const client = { send: () => Promise.reject(error) } as unknown as DynamoDBDocumentClient;
      return createAnalyticsTable(client, 'table').countOnce([view('d', 0)], 0, signal);
    };
    expect(await outcome(canceled('None', 'TransactionConflict'))).toBe('busy');
    expect(await outcome(canceled('ProvisionedThroughputExceeded', 'ThrottlingError'))).toBe('busy');
    expect(await outcome(new TransactionInProgressException({ message: 'in progress', $metadata: {} }))).toBe('busy');
    expect(await outcome(canceled('ConditionalCheckFailed', 'TransactionConflict'))).toBe('repeated');
    await expect(outcome(canceled('None', 'ValidationError'))).rejects.toThrow('cancelled');
    await expect(outcome(canceled('None'))).rejects.toThrow('cancelled');
    await expect(outcome(new Error('no route'))).rejects.toThrow('no route');
  });

  it('leaves it to its caller to ask again for markers that DynamoDB left out', async () => {
    const asked: number[] = [];
    const client = {
      send: async ({ input }: { input: { RequestItems: Record<string, { Keys: Record<string, string>[] }> } }) => {
        const [first, ...rest] = input.RequestItems.table?.Keys ?? [];
        asked.push(rest.length + 1);
        return {
          Responses: { table: [first] },
          ...(rest.length > 0 && { UnprocessedKeys: { table: { Keys: rest } } }),
        };
      },
    } as unknown as DynamoDBDocumentClient;
    const events = [view('e1', 0), view('e2', 0), view('e3', 0)];
    const found = await createAnalyticsTable(client, 'table').countedOf(events, signal);
    expect(found).toEqual(new Set(['e1']));
    expect(asked).toEqual([3]);
  });
});
