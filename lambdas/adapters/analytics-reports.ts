import { type DynamoDBDocumentClient, paginateQuery, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as v from 'valibot';
import type { Granularity, PostViews } from '../contract/analytics.ts';
import { EVENT_SCHEMAS, type EventType } from '../contract/events/domain-event.ts';
import { Tables } from '../contract/tables.ts';
import { countsPartition, PERIOD_MS, periodName, periodStart, viewsPartitions } from './analytics-counts.ts';
import { mapConcurrently } from './map-concurrently.ts';

const { partitionKey: PERIOD, sortKey: ENTRY, byViews: BY_VIEWS } = Tables.analytics;
/** Half of the SDK's 50 sockets per client, so that no query waits for a socket. */
const MAX_QUERIES_IN_FLIGHT = 25;
const EVENT_TYPES = Object.keys(EVENT_SCHEMAS) as EventType[];

/** Events of one period. */
export interface PeriodCounts {
  readonly startMs: number;
  /** Types without an event are absent. */
  readonly counts: Readonly<Partial<Record<EventType, number>>>;
}

/** What was counted, as it is read. */
export interface AnalyticsReports {
  /** Periods that begin in `[fromMs, toMs)`, both of which begin a period, in order of time; without those that are empty. */
  countsBetween(granularity: Granularity, fromMs: number, toMs: number): Promise<PeriodCounts[]>;
  /** Posts of the day that begins there, most viewed first. They may lag behind the counts by a moment. */
  mostViewed(dayMs: number, maxItems: number): Promise<PostViews[]>;
}

const StoredViews = v.object({ [ENTRY]: v.string(), [BY_VIEWS.sortKey]: v.number() });
const StoredCounts = v.object({
  [ENTRY]: v.string(),
  ...v.partial(v.object(v.entriesFromList(EVENT_TYPES, v.number()))).entries,
});

export function createAnalyticsReports(client: DynamoDBDocumentClient, tableName: string): AnalyticsReports {
  const countsIn = async (partition: string, from: string, to: string) => {
    const items: v.InferOutput<typeof StoredCounts>[] = [];
    const pages = paginateQuery(
      { client },
      {
        TableName: tableName,
        // Every entry is longer than the name of its period, so that those of `to` are beyond it.
        KeyConditionExpression: '#period = :period AND #entry BETWEEN :from AND :to',
        ExpressionAttributeNames: { '#period': PERIOD, '#entry': ENTRY },
        ExpressionAttributeValues: { ':period': partition, ':from': from, ':to': to },
      },
    );
    for await (const { Items = [] } of pages) items.push(...Items.map((item) => v.parse(StoredCounts, item)));
    return items;
  };
  return {
    async countsBetween(granularity, fromMs, toMs) {
      const [from, to] = [periodName(granularity, fromMs), periodName(granularity, toMs)];
      const partitions = new Set<string>();
      for (let atMs = fromMs; atMs < toMs; atMs += PERIOD_MS[granularity]) {
        partitions.add(countsPartition(granularity, atMs));
      }
      const pages = await mapConcurrently([...partitions], MAX_QUERIES_IN_FLIGHT, (each) => countsIn(each, from, to));
      return sumSlots(granularity, pages.flat());
    },
    async mostViewed(dayMs, maxItems) {
      const best = await mapConcurrently(viewsPartitions(dayMs), MAX_QUERIES_IN_FLIGHT, async (partition) => {
        const { Items = [] } = await client.send(
          new QueryCommand({
            TableName: tableName,
            IndexName: BY_VIEWS.indexName,
            KeyConditionExpression: '#period = :period',
            ExpressionAttributeNames: { '#period': BY_VIEWS.partitionKey },
            ExpressionAttributeValues: { ':period': partition },
            ScanIndexForward: false,
            Limit: maxItems,
          }),
        );
        return Items.map((item) => v.parse(StoredViews, item));
      });
      return best
        .flat()
        .map(({ entry, views }) => ({ postId: entry, views }))
        .sort((a, b) => b.views - a.views || (a.postId < b.postId ? -1 : 1))
        .slice(0, maxItems);
    },
  };
}

/** The items of a period are its slots. */
function sumSlots(granularity: Granularity, items: readonly v.InferOutput<typeof StoredCounts>[]): PeriodCounts[] {
  const periods = new Map<string, Partial<Record<EventType, number>>>();
  for (const { [ENTRY]: entry, ...counts } of items) {
    const name = entry.slice(0, entry.indexOf('#'));
    const sums = periods.get(name) ?? {};
    for (const type of EVENT_TYPES) {
      const count = counts[type];
      if (count !== undefined) sums[type] = (sums[type] ?? 0) + count;
    }
    periods.set(name, sums);
  }
  return [...periods]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, counts]) => ({ startMs: periodStart(granularity, name), counts }));
}
