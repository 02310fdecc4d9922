import type { AwsContext } from '../aws-room.ts';
import type { Principal } from '../principal.ts';
import { queueUrlOfArn } from '../queue-of-arn.ts';
import { type DeliveryFailure, RetriedDeliveries } from '../retried-deliveries.ts';
import type { SetTimer } from '../set-timer.ts';
import { lambdaEvent, sqsEnvelope, textFor } from './envelope.ts';
import type { Notification } from './notification.ts';
import type { Subscription } from './topic-store.ts';

/**
 * Milliseconds before each further try, for faults that pass. AWS: three at once, two a second apart, ten with growing
 * pauses from 1 to 20 s, then 100,000 every 20 s over 23 days, which the twin leaves out.
 */
const PAUSES_MS = [0, 0, 0, 1_000, 1_000, 1_000, 2_000, 3_000, 4_000, 6_000, 8_000, 11_000, 14_000, 17_000, 20_000];

export type DeliverContext = Pick<AwsContext, 'callAws' | 'invokeAsync' | 'log'>;

/** Brings notifications to queues and functions, in SNS's own name. */
export class Deliveries {
  readonly #log: DeliverContext['log'];
  readonly #deliveries: RetriedDeliveries;

  constructor(context: DeliverContext, setTimer: SetTimer) {
    this.#log = context.log;
    this.#deliveries = new RetriedDeliveries(context, setTimer);
  }

  /** Begins to deliver to every subscription that wants the message, and does not wait for the end. */
  begin(notification: Notification, subscriptions: readonly Subscription[]): void {
    for (const subscription of subscriptions) {
      if (!subscription.settings.wants(notification)) continue;
      const { topic, delivered } = subscription;
      subscription.delivered = this.#deliveries.begin(
        {
          attempt: () => this.#attempt(notification, subscription),
          pauseMs: (retries) => PAUSES_MS[retries],
          giveUp: (failure) => this.#giveUp(notification, subscription, failure),
        },
        topic.isFifo ? delivered : undefined,
      );
    }
  }

  /** Resolves when everything that was begun has been delivered, or given up. */
  settled(): Promise<void> {
    return this.#deliveries.settled();
  }

  close(): Promise<void> {
    return this.#deliveries.close();
  }

  async #attempt(notification: Notification, subscription: Subscription): Promise<DeliveryFailure | undefined> {
    const { protocol, endpoint, topic } = subscription;
    if (protocol === 'lambda') {
      return this.#deliveries.invoke(endpoint, lambdaEvent(notification, subscription), snsAs(topic.arn));
    }
    if (protocol === 'sqs') return this.#send(endpoint, sqsMessage(notification, subscription), topic.arn);
    return undefined;
  }

  #send(
    queueArn: string,
    message: Readonly<Record<string, unknown>>,
    topicArn: string,
  ): Promise<DeliveryFailure | undefined> {
    const input = { QueueUrl: queueUrlOfArn(queueArn), ...message };
    return this.#deliveries.call('sqs', 'SendMessage', input, snsAs(topicArn));
  }

  async #giveUp(
    notification: Notification,
    subscription: Subscription,
    { code, message }: DeliveryFailure,
  ): Promise<void> {
    const { arn, endpoint, topic, settings } = subscription;
    const lost = `SNS could not deliver ${notification.messageId} of ${topic.arn} to ${endpoint}: ${code}: ${message}`;
    if (settings.deadLetterArn === undefined) {
      this.#log(`${lost}; the subscription ${arn} has no dead-letter queue`);
      return;
    }
    const text = (StringValue: string): object => ({ DataType: 'String', StringValue });
    const { MessageBody, MessageGroupId, MessageDeduplicationId } = sqsMessage(notification, subscription);
    const isFifo = settings.deadLetterArn.endsWith('.fifo');
    const MessageAttributes = {
      RequestID: text(notification.messageId),
      ErrorCode: text(code),
      ErrorMessage: text(message),
    };
    const dead = { MessageBody, MessageAttributes, ...(isFifo && { MessageGroupId, MessageDeduplicationId }) };
    const failure = await this.#send(settings.deadLetterArn, dead, topic.arn);
    if (failure) this.#log(`${lost}; nor to its dead-letter queue: ${failure.code}: ${failure.message}`);
  }
}

function snsAs(sourceArn: string): Principal {
  return { kind: 'service', service: 'sns.amazonaws.com', sourceArn };
}

/** SendMessage's members without the queue: the envelope, or the message as it is with its attributes. */
function sqsMessage(notification: Notification, subscription: Subscription): Record<string, unknown> {
  const { settings, endpoint, topic } = subscription;
  const { groupId, deduplicationId, attributes } = notification;
  const body = settings.isRaw
    ? { MessageBody: textFor(notification, 'sqs'), MessageAttributes: attributes }
    : { MessageBody: sqsEnvelope(notification, subscription) };
  return {
    ...body,
    ...(groupId !== undefined && { MessageGroupId: groupId }),
    ...(topic.isFifo && endpoint.endsWith('.fifo') && { MessageDeduplicationId: deduplicationId }),
  };
}
