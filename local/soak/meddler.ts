import type { CallAws } from '../twin/aws/dispatcher.ts';
import type { AroundCall, AroundDelivery } from '../twin/twin-faults.ts';
import type { PoisonMessage } from './dead-letter-ledger.ts';
import { poisonMessage, poisonRecord } from './poison.ts';
import { pickOne, type Random } from './seeded-random.ts';
import type { StageParts, WorkQueueName } from './stage-parts.ts';

/** How often each of these happens, of 1. */
const ODDS = { deliveredTwice: 0.1, publishedTwice: 0.05, poison: 0.1 };

export interface MeddlerOptions {
  readonly parts: StageParts;
  readonly callAws: CallAws;
  readonly random: Random;
  /** What else stands around calls and deliveries, and makes them. */
  readonly inner: { readonly aroundCall: AroundCall; readonly aroundDelivery: AroundDelivery };
  readonly onMeddled: (what: string) => void;
}

interface PutRecords {
  readonly Records: readonly { readonly PartitionKey: string; readonly Data: string }[];
}
interface PutRecordsAnswer {
  readonly Records: readonly { readonly SequenceNumber?: string }[];
}
interface SendMessages {
  readonly QueueUrl: string;
  readonly Entries: readonly Readonly<Record<string, unknown>>[];
}

/**
 * Has things happen twice, on the stream, in queues and at deliveries, and puts what nobody can read among the rest: into the
 * queue or the stream of every tenth batch. Writes down what was published, and what it did.
 */
export class Meddler {
  /** Ids of events that are on the stream. */
  readonly published = new Set<string>();
  readonly poisonMessages: PoisonMessage[] = [];
  /** Sequence numbers. */
  readonly poisonRecords: string[] = [];
  readonly #options: MeddlerOptions;
  readonly #queueOf: ReadonlyMap<string, WorkQueueName>;
  #isOn = false;
  #count = 0;

  constructor(options: MeddlerOptions) {
    this.#options = options;
    const { workers } = options.parts;
    this.#queueOf = new Map([
      [workers.VideoWorker, 'video'],
      [workers.ActivityWorker, 'activity'],
    ]);
  }

  /** Meddles from now on, or lets all be. What was published it writes down in any case. */
  turn(state: 'on' | 'off'): void {
    this.#isOn = state === 'on';
  }

  readonly aroundCall: AroundCall = async (functionName, call, run) => {
    const { inner, parts } = this.#options;
    const answer = await inner.aroundCall(functionName, call, async () => {
      const done = await run();
      if (functionName !== parts.workers.OutboxRelay) return done;
      if (call.operation === 'PutRecords') this.#notePublished(call.input as unknown as PutRecords, done);
      return done;
    });
    if (functionName !== parts.workers.OutboxRelay || !this.#isOn) return answer;
    if (call.operation === 'PutRecords') await this.#meddleWithRecords(call.input as unknown as PutRecords);
    if (call.operation === 'SendMessageBatch') await this.#meddleWithMessages(call.input as unknown as SendMessages);
    return answer;
  };

  readonly aroundDelivery: AroundDelivery = async (functionName, deliver) => {
    const { inner, random, onMeddled } = this.#options;
    const once = () => inner.aroundDelivery(functionName, deliver);
    if (!this.#isOn) return once();
    const queue = this.#queueOf.get(functionName);
    if (queue !== undefined && random() < ODDS.poison) await this.#poisonQueue(queue);
    if (random() >= ODDS.deliveredTwice) return once();
    onMeddled('delivered twice');
    if (random() < 0.5) return (await once()) && once();
    const [outcome] = await Promise.all([once(), once()]);
    return outcome;
  };

  #notePublished({ Records }: PutRecords, done: unknown): void {
    const answer = done as PutRecordsAnswer;
    for (const [index, { Data }] of Records.entries()) {
      if (answer.Records[index]?.SequenceNumber !== undefined) this.published.add(idOf(Data));
    }
  }

  async #meddleWithRecords({ Records }: PutRecords): Promise<void> {
    const { random, onMeddled, parts, callAws } = this.#options;
    const put = async (PartitionKey: string, Data: string) =>
      callAws('kinesis', 'PutRecord', { StreamName: parts.stream, PartitionKey, Data });
    for (const { PartitionKey, Data } of Records) {
      if (random() >= ODDS.publishedTwice) continue;
      await put(PartitionKey, Data);
      onMeddled('published twice');
    }
    if (random() >= ODDS.poison) return;
    const data = poisonRecord(this.#nextName(), random);
    // In the way of somebody's events, now and then.
    const key = random() < 0.5 ? pickOne(Records, random).PartitionKey : this.#nextName();
    this.poisonRecords.push(String((await put(key, Buffer.from(data).toString('base64'))).SequenceNumber));
    onMeddled('poisoned the stream');
  }

  async #meddleWithMessages({ QueueUrl, Entries }: SendMessages): Promise<void> {
    const { random, onMeddled, callAws } = this.#options;
    for (const { Id: _, ...message } of Entries) {
      if (random() >= ODDS.publishedTwice) continue;
      await callAws('sqs', 'SendMessage', { QueueUrl, ...message });
      onMeddled('sent twice');
    }
  }

  async #poisonQueue(queue: WorkQueueName): Promise<void> {
    const { random, onMeddled, parts, callAws } = this.#options;
    const body = poisonMessage(this.#nextName(), random);
    const { MessageId } = await callAws('sqs', 'SendMessage', { QueueUrl: parts.work[queue].url, MessageBody: body });
    this.poisonMessages.push({ queue, messageId: String(MessageId), body });
    onMeddled(`poisoned the queue '${queue}'`);
  }

  #nextName(): string {
    this.#count += 1;
    return `poison-${this.#count}`;
  }
}

function idOf(data: string): string {
  return String(JSON.parse(Buffer.from(data, 'base64').toString('utf8')).id);
}
