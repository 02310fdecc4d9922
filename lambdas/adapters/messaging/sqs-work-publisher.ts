import { createHash } from 'node:crypto';
import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { WorkQueueSpec } from '../../contract/work-queue-spec.ts';
import { createSqsClient } from '../sqs-client.ts';
import { type Publisher, type PublisherTiming, publishInOrder } from './publish-in-order.ts';
import type { WorkEntry } from './work-entry.ts';

/** Limits of SendMessageBatch. */
const LIMITS = { maxEntries: 10, maxBytes: 1_048_576 };
const CALLS_AT_A_TIME = 8;
/** What SQS takes as the id of a group, or for deduplication. */
const TOKEN = /^[\w!"#$%&'()*+,\-./:;<=>?@[\\\]^`{|}~]{1,128}$/;

/** What JSON takes in its strings, and SQS nowhere: a title with one in it would hold its shard until it is given up. */
const NOT_SENDABLE = /[\ufffe\uffff]/g;

/** Sends work to an SQS queue. Only one with order keeps any: of each group there is one message in flight at most. */
export function createSqsWorkPublisher(
  client: SQSClient,
  { url, order }: WorkQueueSpec,
  timing: PublisherTiming,
): Publisher<WorkEntry> {
  const groupOf = ({ id, group }: WorkEntry['item']) => {
    if (order === 'none') return undefined;
    // A queue with order needs a group; work that names none waits for no other.
    const name = group ?? (order === 'fifo' ? id : undefined);
    return name === undefined ? undefined : token(name);
  };
  return {
    publish(entries, signal) {
      const messages = entries.map(({ item, body }) => ({
        MessageBody: body.replace(NOT_SENDABLE, (char) => `\\u${char.charCodeAt(0).toString(16)}`),
        MessageGroupId: groupOf(item),
        MessageDeduplicationId: order === 'fifo' ? token(item.id) : undefined,
      }));
      const backlog = messages.map(({ MessageBody, MessageGroupId }, index) => ({
        key: order === 'fifo' && MessageGroupId !== undefined ? MessageGroupId : `entry ${index}`,
        bytes: Buffer.byteLength(MessageBody),
      }));
      return publishInOrder(
        backlog,
        {
          ...timing,
          limits: LIMITS,
          concurrency: CALLS_AT_A_TIME,
          send: async (indices, abortSignal) => {
            const { Successful = [], Failed = [] } = await client.send(
              new SendMessageBatchCommand({
                QueueUrl: url,
                Entries: indices.flatMap((index) => {
                  const message = messages[index];
                  return message === undefined ? [] : [{ Id: String(index), ...message }];
                }),
              }),
              { abortSignal },
            );
            const failed = new Map(Failed.map(({ Id, Code, Message }) => [Id, `${Code}: ${Message ?? ''}`]));
            const taken = new Set(Successful.map(({ Id }) => Id));
            return new Map(
              indices.flatMap((index) => {
                const id = String(index);
                if (taken.has(id) && !failed.has(id)) return [];
                return [[index, failed.get(id) ?? 'no answer'] as const];
              }),
            );
          },
        },
        signal,
      );
    },
  };
}

/** The name itself where SQS takes it, or a digest of it. */
function token(name: string): string {
  return TOKEN.test(name) ? name : createHash('sha256').update(name).digest('hex');
}

/** The SQS client of one Lambda environment that publishes: its calls are made again by the publisher, which knows the time left. */
export function createPublishingSqsClient(): SQSClient {
  return createSqsClient({ maxAttempts: 1 });
}
