import { TransactionCanceledException, TransactionInProgressException } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, type DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { Tables } from '../contract/tables.ts';
import { type CountedEvent, type Increment, incrementsOf, markerExpiry, markerPartition } from './analytics-counts.ts';
import type { TransactionItem } from './outbox.ts';

const { partitionKey: PERIOD, sortKey: ENTRY, ttl: TTL } = Tables.analytics;
/** An item per event, in a partition of its own. */
const MARKER_ENTRY = 'event';
/** What DynamoDB cancels a transaction for that would have succeeded at another time. */
const PASSING_REASONS = ['TransactionConflict', 'ProvisionedThroughputExceeded', 'ThrottlingError'];

/** DynamoDB takes no more items in one transaction, and no more keys in one `BatchGetItem`. */
export const TRANSACTION_ITEMS_MAX = 100;

/** Where events are counted. */
export interface AnalyticsTable {
  /**
   * Counts all of the events, or none: `counted`; `repeated` if at least one of them was counted before; `busy` if DynamoDB
   * had something else to do at the same place. The events must have different ids, and come to no more than
   * `TRANSACTION_ITEMS_MAX` items.
   * @param slot which of `COUNT_SLOTS` items takes the counts
   */
  countOnce(
    events: readonly CountedEvent[],
    slot: number,
    signal: AbortSignal,
  ): Promise<'counted' | 'repeated' | 'busy'>;
  /**
   * Those of the events that were counted, as far as DynamoDB says: what a throttled table leaves out is not among them.
   * At most `TRANSACTION_ITEMS_MAX`.
   */
  countedOf(events: readonly CountedEvent[], signal: AbortSignal): Promise<ReadonlySet<string>>;
}

export function createAnalyticsTable(client: DynamoDBDocumentClient, tableName: string): AnalyticsTable {
  return {
    async countOnce(events, slot, signal) {
      const items = [...events.map((event) => markerOf(tableName, event)), ...updatesOf(tableName, events, slot)];
      try {
        await client.send(new TransactWriteCommand({ TransactItems: items }), { abortSignal: signal });
        return 'counted';
      } catch (error) {
        return outcomeOf(error);
      }
    },
    async countedOf(events, signal) {
      const idOf = new Map(events.map(({ id }) => [markerPartition(id), id]));
      const { Responses } = await client.send(
        new BatchGetCommand({
          RequestItems: {
            [tableName]: {
              Keys: [...idOf.keys()].map((period) => ({ [PERIOD]: period, [ENTRY]: MARKER_ENTRY })),
              ConsistentRead: true,
              ProjectionExpression: '#period',
              ExpressionAttributeNames: { '#period': PERIOD },
            },
          },
        }),
        { abortSignal: signal },
      );
      return new Set((Responses?.[tableName] ?? []).flatMap((item) => idOf.get(String(item[PERIOD])) ?? []));
    },
  };
}

function markerOf(tableName: string, { id, atMs }: CountedEvent): TransactionItem {
  return {
    Put: {
      TableName: tableName,
      Item: { [PERIOD]: markerPartition(id), [ENTRY]: MARKER_ENTRY, [TTL]: markerExpiry(atMs) },
      ConditionExpression: 'attribute_not_exists(#period)',
      ExpressionAttributeNames: { '#period': PERIOD },
    },
  };
}

/** What the events come to, one update per item: an item is written once per transaction, however many add to it. */
function updatesOf(tableName: string, events: readonly CountedEvent[], slot: number): TransactionItem[] {
  const items = new Map<string, { readonly increment: Increment; readonly sums: Map<string, number> }>();
  for (const increment of events.flatMap(incrementsOf)) {
    const key = JSON.stringify([increment.period, increment.entry]);
    const item = items.get(key) ?? { increment, sums: new Map<string, number>() };
    item.sums.set(increment.attribute, (item.sums.get(increment.attribute) ?? 0) + 1);
    items.set(key, item);
  }
  return [...items.values()].map(({ increment, sums }) => {
    const { period, entry, isSlotted, expiresAt } = increment;
    const added = [...sums].map(([name, sum], at) => ({ name: `#n${at}`, attribute: name, value: `:n${at}`, sum }));
    return {
      Update: {
        TableName: tableName,
        Key: { [PERIOD]: period, [ENTRY]: isSlotted ? `${entry}#${String(slot).padStart(2, '0')}` : entry },
        UpdateExpression: `ADD ${added.map(({ name, value }) => `${name} ${value}`).join(', ')} SET #ttl = :ttl`,
        ExpressionAttributeNames: {
          '#ttl': TTL,
          ...Object.fromEntries(added.map(({ name, attribute }) => [name, attribute])),
        },
        ExpressionAttributeValues: {
          ':ttl': expiresAt,
          ...Object.fromEntries(added.map(({ value, sum }) => [value, sum])),
        },
      },
    };
  });
}

/** Whether a transaction that failed did so for a repetition, or for something that passes. Throws anything else. */
function outcomeOf(error: unknown): 'repeated' | 'busy' {
  if (error instanceof TransactionInProgressException) return 'busy';
  if (!(error instanceof TransactionCanceledException)) throw error;
  const reasons = new Set((error.CancellationReasons ?? []).map(({ Code }) => Code ?? 'None'));
  reasons.delete('None');
  // Markers alone have a condition.
  if (reasons.delete('ConditionalCheckFailed')) return 'repeated';
  if (reasons.size > 0 && [...reasons].every((code) => PASSING_REASONS.includes(code))) return 'busy';
  throw error;
}
