import { createHash, randomUUID } from 'node:crypto';
import type { AwsService, Input } from '../aws-call.ts';
import { AwsError } from '../aws-error.ts';
import { list } from '../lenient-members.ts';
import type { Deliveries } from './deliveries.ts';
import { type Notification, readAttributes, readContent, sizeOf } from './notification.ts';
import { batchError, invalidParameter } from './sns-error.ts';
import { optionalText } from './sns-input.ts';
import { MESSAGE_MAX_BYTES } from './topic-attributes.ts';
import type { Topic, TopicStore } from './topic-store.ts';

const ENTRIES_MAX = 10;
const ENTRY_ID = /^[\w-]{1,80}$/;
/** For this long a FIFO topic takes a message again without delivering it again. */
const DEDUPLICATION_MS = 5 * 60_000;

type Published = Pick<Notification, 'messageId' | 'sequenceNumber'>;

/** Publish and PublishBatch. */
export class Publisher {
  readonly #deliveries: Deliveries;
  readonly #nowMs: () => number;
  readonly #accepted = new Map<string, { readonly published: Published; readonly untilMs: number }>();
  #sequence = 0n;

  constructor(deliveries: Deliveries, nowMs: () => number) {
    this.#deliveries = deliveries;
    this.#nowMs = nowMs;
  }

  /** @throws AwsError InvalidParameter */
  publish(input: Input, topic: Topic): Published {
    const content = readContent(input, topic);
    const publishedMs = this.#nowMs();
    const messageId = randomUUID();
    if (!topic.isFifo) {
      const notification = { ...content, messageId, sequenceNumber: undefined, publishedMs };
      this.#deliveries.begin(notification, topic.subscriptions);
      return { messageId, sequenceNumber: undefined };
    }
    const text = String(input.Message);
    const deduplicationId = content.deduplicationId ?? createHash('sha256').update(text).digest('hex');
    const scope = topic.attributes.FifoThroughputScope === 'MessageGroup' ? ` ${content.groupId}` : '';
    const key = `${topic.arn}${scope} ${deduplicationId}`;
    this.#forget(publishedMs);
    const accepted = this.#accepted.get(key);
    if (accepted) return accepted.published;
    const published = { messageId, sequenceNumber: this.#nextSequenceNumber() };
    this.#accepted.set(key, { published, untilMs: publishedMs + DEDUPLICATION_MS });
    this.#deliveries.begin({ ...content, ...published, deduplicationId, publishedMs }, topic.subscriptions);
    return published;
  }

  #forget(nowMs: number): void {
    for (const [key, { untilMs }] of this.#accepted) {
      if (untilMs > nowMs) return;
      this.#accepted.delete(key);
    }
  }

  /** 20 digits that grow, over a restart as long as the clock does. */
  #nextSequenceNumber(): string {
    const fromClock = 10_000_000_000_000_000_000n + (BigInt(this.#nowMs()) << 18n);
    this.#sequence = fromClock > this.#sequence ? fromClock : this.#sequence + 1n;
    return String(this.#sequence);
  }
}

export function publishOperations(store: TopicStore, publisher: Publisher): AwsService {
  return {
    Publish: (input) => {
      const arn = optionalText(input, 'TopicArn') ?? optionalText(input, 'TargetArn');
      if (arn === undefined) {
        if (input.PhoneNumber !== undefined)
          throw invalidParameter('PhoneNumber Reason: the twin sends no text messages');
        throw invalidParameter('TopicArn or TargetArn Reason: no value for required parameter');
      }
      return answer(publisher.publish(input, store.topic(arn)));
    },
    PublishBatch: (input) => {
      const topic = store.topic(optionalText(input, 'TopicArn') ?? '');
      const entries = readEntries(list<Input>(input, 'PublishBatchRequestEntries'));
      const Successful: unknown[] = [];
      const Failed: unknown[] = [];
      for (const entry of entries) {
        try {
          Successful.push({ Id: entry.Id, ...answer(publisher.publish(entry, topic)) });
        } catch (error) {
          if (!(error instanceof AwsError)) throw error;
          Failed.push({ Id: entry.Id, SenderFault: true, Code: error.queryCode ?? error.type, Message: error.message });
        }
      }
      return { Successful, Failed };
    },
  };
}

function answer({ messageId, sequenceNumber }: Published): Record<string, unknown> {
  return { MessageId: messageId, SequenceNumber: sequenceNumber };
}

function readEntries(entries: readonly Input[]): readonly Input[] {
  if (entries.length === 0) throw batchError('EmptyBatchRequest', "The batch request doesn't contain any entries.");
  if (entries.length > ENTRIES_MAX) {
    throw batchError(
      'TooManyEntriesInBatchRequest',
      `The batch request contains more entries than permissible: ${ENTRIES_MAX} at most, got ${entries.length}.`,
    );
  }
  const ids = entries.map(({ Id }) => String(Id ?? ''));
  const invalid = ids.find((id) => !ENTRY_ID.test(id));
  if (invalid !== undefined) {
    throw batchError(
      'InvalidBatchEntryId',
      `The Id of a batch entry in a batch request doesn't abide by the specification, got '${invalid}'.`,
    );
  }
  if (new Set(ids).size < ids.length) {
    throw batchError('BatchEntryIdsNotDistinct', 'Two or more batch entries in the request have the same Id.');
  }
  const bytes = entries.reduce(
    (sum, { Message, MessageAttributes }) => sum + sizeOf(String(Message ?? ''), readAttributes(MessageAttributes)),
    0,
  );
  if (bytes > MESSAGE_MAX_BYTES) {
    throw batchError(
      'BatchRequestTooLong',
      `The length of all the batch messages put together is more than the limit of ${MESSAGE_MAX_BYTES} bytes, got ${bytes}.`,
    );
  }
  return entries;
}
