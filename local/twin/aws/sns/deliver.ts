import { asAwsError } from '../aws-error.ts';
import type { AwsContext } from '../aws-room.ts';
import type { Principal } from '../principal.ts';
import { queueUrlOfArn } from '../queue-of-arn.ts';
import type { SetTimer } from '../set-timer.ts';
import { lambdaEvent, sqsEnvelope, textFor } from './envelope.ts';
import type { Notification } from './notification.ts';
import type { Subscription } from './topic-store.ts';

/**
 * Milliseconds before each further try, for faults that pass. AWS: three at once, two a second apart, ten with growing
 * pauses from 1 to 20 s, then 100,000 every 20 s over 23 days, which the twin leaves out.
 */
const PAUSES_MS = [0, 0, 0, 1_000, 1_000, 1_000, 2_000, 3_000, 4_000, 6_000, 8_000, 11_000, 14_000, 17_000, 20_000];

/** Why a delivery failed. */
interface Failure {
  readonly code: string;
  readonly message: string;
  /** Denied, or not there: trying again does not help. */
  readonly isLasting: boolean;
}

export type DeliverContext = Pick<AwsContext, 'callAws' | 'invokeAsync' | 'log'>;

/** Brings notifications to queues and functions, in SNS's own name. */
export class Deliveries {
  readonly #context: DeliverContext;
  readonly #setTimer: SetTimer;
  readonly #running = new Set<Promise<void>>();
  readonly #pauses = new Set<() => void>();
  #isClosed = false;

  constructor(context: DeliverContext, setTimer: SetTimer) {
    this.#context = context;
    this.#setTimer = setTimer;
  }

  /** Begins to deliver to every subscription that wants the message, and does not wait for the end. */
  begin(notification: Notification, subscriptions: readonly Subscription[]): void {
    for (const subscription of subscriptions) {
      if (!subscription.settings.wants(notification)) continue;
      const { topic } = subscription;
      const delivery = topic.isFifo
        ? subscription.delivered.then(() => this.#deliver(notification, subscription))
        : this.#deliver(notification, subscription);
      subscription.delivered = delivery;
      this.#running.add(delivery);
      void delivery.finally(() => this.#running.delete(delivery));
    }
  }

  /** Resolves when everything that was begun has been delivered, or given up. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const endPause of this.#pauses) endPause();
    await this.settled();
  }

  async #deliver(notification: Notification, subscription: Subscription): Promise<void> {
    for (let retries = 0; ; retries += 1) {
      const failure = await this.#attempt(notification, subscription);
      if (!failure || this.#isClosed) return;
      const pauseMs = PAUSES_MS[retries];
      if (failure.isLasting || pauseMs === undefined) {
        await this.#giveUp(notification, subscription, failure);
        return;
      }
      await this.#pause(pauseMs);
    }
  }

  async #attempt(notification: Notification, subscription: Subscription): Promise<Failure | undefined> {
    const { protocol, endpoint, topic } = subscription;
    if (protocol === 'lambda') {
      const outcome = await this.#context.invokeAsync(
        endpoint,
        lambdaEvent(notification, subscription),
        snsAs(topic.arn),
      );
      if (outcome.ok) return undefined;
      const isLasting = outcome.kind === 'denied' || outcome.kind === 'unknown-function';
      return { code: outcome.errorType, message: outcome.errorMessage, isLasting };
    }
    if (protocol === 'sqs') return this.#send(endpoint, sqsMessage(notification, subscription), topic.arn);
    return undefined;
  }

  async #send(
    queueArn: string,
    message: Readonly<Record<string, unknown>>,
    topicArn: string,
  ): Promise<Failure | undefined> {
    try {
      const input = { QueueUrl: queueUrlOfArn(queueArn), ...message };
      await this.#context.callAws('sqs', 'SendMessage', input, snsAs(topicArn));
      return undefined;
    } catch (thrown) {
      // A fault of the twin itself counts as one of the service: it is tried again, and reported in the end.
      const error = asAwsError(thrown);
      return { code: error.queryCode ?? error.type, message: error.message, isLasting: error.statusCode < 500 };
    }
  }

  async #giveUp(notification: Notification, subscription: Subscription, { code, message }: Failure): Promise<void> {
    const { arn, endpoint, topic, settings } = subscription;
    const lost = `SNS could not deliver ${notification.messageId} of ${topic.arn} to ${endpoint}: ${code}: ${message}`;
    if (settings.deadLetterArn === undefined) {
      this.#context.log(`${lost}; the subscription ${arn} has no dead-letter queue`);
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
    if (failure) this.#context.log(`${lost}; nor to its dead-letter queue: ${failure.code}: ${failure.message}`);
  }

  #pause(ms: number): Promise<void> {
    if (ms === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        cancelTimer();
        this.#pauses.delete(end);
        resolve();
      };
      const cancelTimer = this.#setTimer(ms, end);
      this.#pauses.add(end);
    });
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
