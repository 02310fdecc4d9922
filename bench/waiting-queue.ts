import { setTimeout as delay } from 'node:timers/promises';
import {
  GetQueueAttributesCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  PurgeQueueInProgress,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';

/** A queue of a twin that nobody works on. */
export interface WaitingQueue {
  /** Puts messages in; the calls are of ten each, eight at a time. */
  fill(messages: readonly { readonly body: string; readonly group?: string }[]): Promise<void>;
  /** Messages that can be received. */
  count(): Promise<number>;
  /** Resolves when so many wait. @throws Error where that takes longer than half a minute. */
  waitFor(count: number): Promise<void>;
  /** Empties it; SQS allows that once a minute, and this waits for its turn. */
  purge(): Promise<void>;
  close(): void;
}

const CALLS_AT_A_TIME = 8;
const BATCH = 10;
const PATIENCE_MS = 30_000;

/**
 * The queue whose name begins with `prefix`.
 *
 * @throws Error where there is not exactly one.
 */
export async function openWaitingQueue(endpoint: string, prefix: string): Promise<WaitingQueue> {
  const client = new SQSClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
  });
  const { QueueUrls = [] } = await client.send(new ListQueuesCommand({ QueueNamePrefix: prefix }));
  const [QueueUrl] = QueueUrls;
  if (QueueUrl === undefined || QueueUrls.length > 1) {
    throw new Error(`${QueueUrls.length} queues begin with ${prefix}, expected 1`);
  }
  const count = async () => {
    const name = 'ApproximateNumberOfMessages';
    const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [name] }));
    return Number(Attributes?.[name]);
  };
  return {
    count,
    async fill(messages) {
      let next = 0;
      const send = async () => {
        while (next < messages.length) {
          const batch = messages.slice(next, next + BATCH);
          next += BATCH;
          const Entries = batch.map(({ body, group }, index) => ({
            Id: String(index),
            MessageBody: body,
            MessageGroupId: group,
          }));
          const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
          if (Failed[0]) throw new Error(`the queue did not take a message: ${Failed[0].Message}`);
        }
      };
      await Promise.all(Array.from({ length: CALLS_AT_A_TIME }, send));
    },
    async waitFor(wanted) {
      const untilMs = Date.now() + PATIENCE_MS;
      for (;;) {
        const waiting = await count();
        if (waiting === wanted) return;
        if (Date.now() > untilMs) throw new Error(`${waiting} messages wait in ${QueueUrl}, expected ${wanted}`);
        await delay(50);
      }
    },
    async purge() {
      for (;;) {
        try {
          await client.send(new PurgeQueueCommand({ QueueUrl }));
          return;
        } catch (error) {
          if (!(error instanceof PurgeQueueInProgress)) throw error;
          await delay(1_000);
        }
      }
    },
    close: () => client.destroy(),
  };
}
