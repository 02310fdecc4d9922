import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import type { DomainEvent } from '../contract/events/domain-event.ts';
import { Tables } from '../contract/tables.ts';
import type { WorkItem, WorkName } from '../contract/work.ts';
import type { Clock } from './clock.ts';

const { partitionKey: AGGREGATE, sortKey: ENTRY, ttl: TTL } = Tables.outbox;

/** One write of a transaction. */
export type TransactionItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** Whatever is put into the outbox is published, or done, once the transaction that it is in has been committed. */
export interface Outbox {
  /**
   * Publishes the event. Events of one `subject` are published in the order of their transactions; of one transaction
   * only one may be of the same subject, since a transaction's own writes have no order.
   */
  event(event: DomainEvent): TransactionItem;
  /** Puts the work into its queue. */
  work(name: WorkName, item: WorkItem): TransactionItem;
}

/** What the relay reads. */
export type OutboxEntry =
  | { readonly kind: 'event'; readonly body: string }
  | { readonly kind: 'work'; readonly queue: WorkName; readonly body: string };

/** Longer than the table's stream keeps it, so that there is still something to look at after an outage of the relay. */
const KEPT_SECONDS = 7 * 86_400;

export function createOutbox(tableName: string, clock: Clock): Outbox {
  const put = (aggregate: string, entryId: string, entry: OutboxEntry): TransactionItem => ({
    Put: {
      TableName: tableName,
      Item: {
        [AGGREGATE]: aggregate,
        [ENTRY]: entryId,
        ...entry,
        [TTL]: Math.ceil(clock.now() / 1_000) + KEPT_SECONDS,
      },
      // Written again, it would be published again.
      ConditionExpression: 'attribute_not_exists(#entry)',
      ExpressionAttributeNames: { '#entry': ENTRY },
    },
  });
  return {
    event: (event) => put(event.subject, event.id, { kind: 'event', body: JSON.stringify(event) }),
    work: (name, item) =>
      put(item.id, `${name}:${item.id}@${item.acceptedAtMs}`, {
        kind: 'work',
        queue: name,
        body: JSON.stringify(item),
      }),
  };
}
