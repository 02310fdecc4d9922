import type { KinesisClient, PutRecordsCommandInput } from '@aws-sdk/client-kinesis';
import type { PutObjectCommandInput, S3Client } from '@aws-sdk/client-s3';
import type { SendMessageBatchCommandInput, SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBRecord } from 'aws-lambda';
import type { SetTimer } from '../../lambdas/adapters/dependencies/set-timer.ts';
import { createFailedRecords } from '../../lambdas/adapters/messaging/failed-records.ts';
import { createKinesisEventPublisher } from '../../lambdas/adapters/messaging/kinesis-event-publisher.ts';
import { createSqsWorkPublisher } from '../../lambdas/adapters/messaging/sqs-work-publisher.ts';
import { createRelay } from '../../lambdas/workers/outbox-relay/relay-batch.ts';
import { ManualClock } from './manual-clock.ts';
import { lambdaContext } from './proxy-event.ts';
import { RecordingLogger } from './recording-logger.ts';

/** What becomes of one call of a relay, or of its answer. */
export const FATES = [
  'taken',
  'some-refused',
  'lost-before-it-arrived',
  'lost-after-it-arrived',
  'arrives-late',
  'killed-before',
  'killed-after',
  'hangs-until-time-is-up',
] as const;
export type Fate = (typeof FATES)[number];

/** Whoever was killed learns nothing any more. */
const NEVER = new Promise<never>(() => {});

/**
 * A shard of the outbox's stream, relays that fail at any call, and what arrives: a stream, a queue, and a bucket for what
 * cannot be read. The relay and what it sends with are the real ones. Calls that were given up may still arrive, behind what
 * a later relay has sent.
 */
export class FailingRelayWorld {
  /** Bodies in the order in which they arrived, copies included. */
  readonly stream: string[] = [];
  readonly queue: { readonly body: string; readonly group: string | undefined }[] = [];
  /** Sequence numbers of what was set aside, by the keys of the objects. */
  readonly bucket = new Map<string, string>();
  readonly #clock = new ManualClock();
  readonly #fates: Iterator<Fate>;
  readonly #choices: Iterator<number>;
  /** What was given up by its sender and is still under way. */
  readonly #late: (() => void)[] = [];
  /** Of those that were killed; one whose time was up may be thawed, and go on with what it was at. */
  readonly #dead = new Set<number>();
  #incarnation = 0;
  #die: () => void = () => {};

  constructor(fates: Iterator<Fate>, choices: Iterator<number>) {
    this.#fates = fates;
    this.#choices = choices;
  }

  /** Delivers the shard until the checkpoint is behind its last record, in batches of any size up to `maxBatch`. */
  async deliver(records: readonly DynamoDBRecord[], maxBatch: number): Promise<void> {
    for (let checkpoint = 0; checkpoint < records.length; ) {
      const batch = records.slice(checkpoint, checkpoint + 1 + (this.#choice() % maxBatch));
      const failed = await this.#invoke(batch);
      if (failed === undefined) continue;
      const first = batch.findIndex(({ dynamodb }) => failed.has(dynamodb?.SequenceNumber ?? ''));
      checkpoint += first === -1 ? batch.length : first;
    }
    for (const arrive of this.#late.splice(0)) arrive();
  }

  /** One invocation of a relay; undefined where nobody heard its answer. */
  async #invoke(batch: readonly DynamoDBRecord[]): Promise<Set<string> | undefined> {
    this.#incarnation += 1;
    const own = this.#incarnation;
    const timers: { readonly delayMs: number; readonly run: () => void }[] = [];
    const setTimer: SetTimer = (delayMs, run) => {
      timers.push({ delayMs, run });
      return () => {};
    };
    const endTime = () => {
      for (const { run } of timers.sort((a, b) => a.delayMs - b.delayMs)) run();
    };
    const timing = {
      clock: this.#clock,
      random: () => 0.5,
      wait: async (delayMs: number) => this.#clock.advance(delayMs),
    };
    const kinesis = clientOf<KinesisClient, PutRecordsCommandInput>(({ Records = [] }) => {
      const arrive = (record: (typeof Records)[number]) => this.stream.push(textOf(record.Data));
      return this.#call(own, endTime, Records, arrive, (isTaken) => ({
        Records: Records.map((_, index) => {
          return isTaken[index] ? { SequenceNumber: '1' } : { ErrorCode: 'ProvisionedThroughputExceededException' };
        }),
      }));
    });
    const sqs = clientOf<SQSClient, SendMessageBatchCommandInput>(({ Entries = [] }) => {
      const arrive = ({ MessageBody: body = '', MessageGroupId: group }: (typeof Entries)[number]) => {
        this.queue.push({ body, group });
      };
      return this.#call(own, endTime, Entries, arrive, (isTaken) => ({
        Successful: Entries.filter((_, index) => isTaken[index]).map(({ Id }) => ({ Id })),
        Failed: Entries.filter((_, index) => !isTaken[index]).map(({ Id }) => ({ Id, Code: 'InternalError' })),
      }));
    });
    const s3 = clientOf<S3Client, PutObjectCommandInput>(({ Key = '', Body }) => {
      const { payload } = JSON.parse(String(Body));
      const arrive = ({ dynamodb }: DynamoDBRecord) => this.bucket.set(Key, dynamodb?.SequenceNumber ?? '');
      return this.#call(own, endTime, JSON.parse(payload).Records as DynamoDBRecord[], arrive, ([isTaken]) => {
        if (!isTaken) throw new Error('SlowDown');
        return {};
      });
    });
    const relay = createRelay({
      events: createKinesisEventPublisher(kinesis, 'events', timing),
      work: { video: createSqsWorkPublisher(sqs, { url: 'https://sqs/work.fifo', order: 'fifo' }, timing) },
      failedRecords: createFailedRecords(s3, 'failed', this.#clock),
      setTimer,
      logger: new RecordingLogger(),
    });
    const killed = new Promise<undefined>((resolve) => {
      this.#die = () => resolve(undefined);
    });
    const answer = await Promise.race([relay({ Records: [...batch] }, lambdaContext()), killed]);
    // An answer may be lost as well.
    if (answer === undefined || this.#choice() % 8 === 0) return undefined;
    return new Set(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  }

  async #call<E, O>(
    incarnation: number,
    endTime: () => void,
    entries: readonly E[],
    arriveOne: (entry: E) => void,
    answer: (isTaken: readonly boolean[]) => O,
  ): Promise<O> {
    // Calls of one relay overlap, and so do those of one that is no more and its successor.
    for (let turns = this.#choice() % 4; turns > 0; turns -= 1) await Promise.resolve();
    if (this.#dead.has(incarnation)) return NEVER;
    for (let late = this.#choice() % 3; late > 0; late -= 1) this.#late.shift()?.();
    const arrive = (isTaken: readonly boolean[]) => {
      for (const [index, entry] of entries.entries()) if (isTaken[index]) arriveOne(entry);
      return answer(isTaken);
    };
    const all = entries.map(() => true);
    const fate = this.#fates.next().value;
    switch (fate) {
      case 'some-refused':
        return arrive(entries.map(() => this.#choice() % 2 === 0));
      case 'lost-before-it-arrived':
        throw new Error('connection refused');
      case 'lost-after-it-arrived':
        arrive(all);
        throw new Error('connection reset');
      case 'arrives-late':
        this.#late.push(() => arrive(all));
        throw new Error('timed out');
      case 'killed-before':
        this.#kill(incarnation);
        return NEVER;
      case 'killed-after':
        arrive(all);
        this.#kill(incarnation);
        return NEVER;
      case 'hangs-until-time-is-up':
        return new Promise((resolve) => {
          this.#late.push(() => resolve(arrive(all)));
          endTime();
        });
      default:
        return arrive(all);
    }
  }

  #kill(incarnation: number): void {
    this.#dead.add(incarnation);
    if (incarnation === this.#incarnation) this.#die();
  }

  #choice(): number {
    return this.#choices.next().value;
  }
}

function textOf(data: Uint8Array | undefined): string {
  return Buffer.from(data ?? []).toString();
}

/** A client whose calls end here. */
function clientOf<C, I>(answer: (input: I) => Promise<object>): C {
  return { send: ({ input }: { readonly input: I }) => answer(input) } as C;
}
