import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { DeadLetter } from './dead-letter.ts';
import {
  type BatchLetter,
  describeBatch,
  type FailedBatch,
  functionNameOf,
  readBatchLetter,
  readFailedBatch,
} from './failed-batch.ts';
import type { LetterQueue } from './letter-queue.ts';
import { OperatorError } from './operator-error.ts';
import type { Delivery, RedriveTarget } from './redrive-target.ts';
import type { Select } from './select-letters.ts';
import { type CallConsumer, type StreamRecord, workOff } from './stream-batch.ts';
import type { ReadStreamRange } from './stream-range.ts';

export interface FailedBatchesOptions {
  readonly queue: LetterQueue;
  readonly s3: S3Client;
  readonly readRange: ReadStreamRange;
  /** @param functionArn as Lambda named it when the batch failed: with the alias */
  readonly callerOf: (functionArn: string) => CallConsumer;
  /** Whether a function is that of the consumer in question: consumers may share a queue. */
  readonly isOurs: (functionName: string) => boolean;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}

/** Longest run of a function, with a margin. */
const CALL_SECONDS = 960;
/** Calls in a row that get no record further. */
const ATTEMPTS = 3;

/**
 * What a stream's consumer has given up: messages that name batches of records. To redrive one is to call the consumer once
 * more with the original records; it knows the events that it has seen by their ids.
 */
export class FailedBatches implements LetterQueue, RedriveTarget {
  readonly isOrdered = false;
  // One after the other: two batches of one shard at a time would not keep its order.
  readonly batchMax = 1;
  readonly deliverySeconds = CALL_SECONDS;
  readonly #options: FailedBatchesOptions;
  /** By message; without the records themselves, which may be megabytes of each of thousands. */
  readonly #seen = new Map<string, { readonly letter: BatchLetter; readonly functionName: string | undefined }>();

  constructor(options: FailedBatchesOptions) {
    this.#options = options;
  }

  /** Only those of the consumer in question. */
  readonly select: Select = ({ messageId }) => {
    const { letter, functionName } = this.#seen.get(messageId) ?? {};
    return letter?.kind === 'test' || (functionName !== undefined && this.#options.isOurs(functionName));
  };

  /** Says of each letter what its batch says of itself. */
  async receive(max: number, hiddenSeconds: number): Promise<DeadLetter[]> {
    const letters = await this.#options.queue.receive(max, hiddenSeconds);
    return Promise.all(letters.map((letter) => this.#describe(letter)));
  }
  hide(letters: readonly DeadLetter[], seconds: number): Promise<void> {
    return this.#options.queue.hide(letters, seconds);
  }
  delete(letter: DeadLetter): Promise<void> {
    return this.#options.queue.delete(letter);
  }
  depth(): Promise<number> {
    return this.#options.queue.depth();
  }

  async deliver(letter: DeadLetter): Promise<Delivery> {
    const { queue, callerOf, wait, signal } = this.#options;
    const { letter: read } = this.#seen.get(letter.messageId) ?? {};
    if (read === undefined) throw new TypeError('only what was received can be delivered');
    // Nothing is to be done about S3's own.
    if (read.kind === 'test') return 'sent';
    const batch = await this.#batchOf(read);
    if (batch === undefined) throw new OperatorError(`${NAMES[read.kind]}: message ${letter.messageId}`);
    const callConsumer = callerOf(batch.requestContext.functionArn);
    const call: CallConsumer = async (records) => {
      await queue.hide([letter], CALL_SECONDS);
      return callConsumer(records);
    };
    const { left } = await workOff(await this.#recordsOf(batch), { call, attempts: ATTEMPTS, wait, signal });
    return left.length === 0 ? 'sent' : 'failed';
  }

  async #describe(letter: DeadLetter): Promise<DeadLetter> {
    const read = readBatchLetter(letter.body);
    const batch = await this.#batchOf(read);
    this.#seen.set(letter.messageId, { letter: read, functionName: batch && functionNameOf(batch) });
    if (batch === undefined) return { ...letter, error: NAMES[read.kind] };
    const setAsideAtMs = Date.parse(batch.timestamp);
    return {
      ...letter,
      error: `${describeBatch(batch)}, of ${functionNameOf(batch)}`,
      ...(!Number.isNaN(setAsideAtMs) && { setAsideAtMs }),
    };
  }

  async #batchOf(letter: BatchLetter): Promise<FailedBatch | undefined> {
    if (letter.kind === 'object') return this.#fetch(letter);
    return letter.kind === 'batch' ? letter.batch : undefined;
  }

  async #fetch({ bucket, key }: Extract<BatchLetter, { kind: 'object' }>): Promise<FailedBatch | undefined> {
    try {
      const { Body } = await this.#options.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return readFailedBatch((await Body?.transformToString()) ?? '');
    } catch (error) {
      // Its retention is over, or somebody has deleted it.
      if ((error as Error).name === 'NoSuchKey') return undefined;
      throw error;
    }
  }

  async #recordsOf({ payload, KinesisBatchInfo }: FailedBatch): Promise<readonly StreamRecord[]> {
    if (payload !== undefined) return (JSON.parse(payload) as { readonly Records: readonly StreamRecord[] }).Records;
    if (KinesisBatchInfo !== undefined) return this.#options.readRange(KinesisBatchInfo);
    throw new OperatorError(
      "records of a table's stream that are named by their place alone cannot be read from here; give the worker a FailedRecordsBucket",
    );
  }
}

const NAMES: Readonly<Record<BatchLetter['kind'], string>> = {
  object: 'the records are not in S3 any more',
  batch: 'a batch',
  test: "S3's own test message",
  unknown: 'not a message about failed records',
};
