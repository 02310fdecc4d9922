import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { DomainEvent } from '../contract/events/domain-event.ts';
import type { Outbox } from './outbox.ts';

/** Publishes an event that no other write goes with; one that was published is left as it is. */
export type PublishEvent = (event: DomainEvent, signal: AbortSignal) => Promise<void>;

/**
 * Publishes through the outbox by a plain put: alone it is as atomic as in a transaction, at half the price, and a
 * repetition concerns no other event.
 */
export function createEventPublisher(client: DynamoDBDocumentClient, outbox: Pick<Outbox, 'event'>): PublishEvent {
  return async (event, signal) => {
    const { Put } = outbox.event(event);
    if (Put === undefined) throw new TypeError('the outbox must write an event by a put');
    try {
      await client.send(new PutCommand(Put), { abortSignal: signal });
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  };
}
