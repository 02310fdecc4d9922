import { randomUUID } from 'node:crypto';
import { machineTimer, type SetTimer } from '../set-timer.ts';
import { LongPolls } from './long-polls.ts';
import { MoveTasks } from './move-tasks.ts';
import { Queue } from './queue.ts';
import { defaultAttributes, mergeAttributes, type QueueAttributes, queueSettings } from './queue-attributes.ts';
import type { QueueDatabase } from './queue-database.ts';
import type { QueueMessage } from './queue-message.ts';
import { checkQueueName, queueNameOfUrl } from './queue-name.ts';
import { ReceiveAttempts } from './receive-attempts.ts';
import { allowsSource } from './redrive-policy.ts';
import { invalidParameter, sqsError } from './sqs-error.ts';

/** A queue with everything that belongs to it. */
export interface QueueEntry {
  readonly name: string;
  readonly arn: string;
  readonly queue: Queue;
  readonly polls: LongPolls;
  readonly attempts: ReceiveAttempts;
  readonly createdMs: number;
  attributes: QueueAttributes;
  tags: Readonly<Record<string, string>>;
  modifiedMs: number;
  purgedMs: number;
}

export interface QueueStoreOptions {
  readonly region: string;
  readonly accountId: string;
  readonly nowMs: () => number;
  readonly setTimer?: SetTimer;
  readonly database?: QueueDatabase | undefined;
}

/** After a deletion AWS refuses the same name for this long; and after a purge another purge. */
const PAUSE_MS = 60_000;

/** The queues of an account in one Region. Every method is synchronous; throws AwsError as SQS would answer. */
export class QueueStore {
  readonly accountId: string;
  readonly nowMs: () => number;
  readonly moveTasks: MoveTasks;
  readonly #arnPrefix: string;
  readonly #setTimer: SetTimer;
  readonly #database: QueueDatabase | undefined;
  readonly #entries = new Map<string, QueueEntry>();
  readonly #deletedMs = new Map<string, number>();
  #lastSequence = 0n;

  constructor({ region, accountId, nowMs, setTimer = machineTimer, database }: QueueStoreOptions) {
    this.accountId = accountId;
    this.nowMs = nowMs;
    this.#arnPrefix = `arn:aws:sqs:${region}:${accountId}:`;
    this.#setTimer = setTimer;
    this.#database = database;
    this.moveTasks = new MoveTasks(this, setTimer);
    for (const { name, attributes, tags, createdMs, modifiedMs } of database?.queues() ?? []) {
      const entry = this.#add(name, attributes, tags, createdMs, modifiedMs);
      for (const { content, past } of database?.messages(name) ?? []) entry.queue.restore(content, past);
    }
    database?.beginJournal();
  }

  /** By name, in order. */
  entries(): readonly QueueEntry[] {
    return [...this.#entries.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  get(name: string): QueueEntry {
    const entry = this.#entries.get(name);
    if (!entry) throw sqsError('QueueDoesNotExist', 'The specified queue does not exist.');
    return entry;
  }

  /** Any host will do; the account has to be this one. */
  byUrl(url: string): QueueEntry {
    return this.get(queueNameOfUrl(url, this.accountId) ?? '');
  }

  byArn(arn: string): QueueEntry | undefined {
    return arn.startsWith(this.#arnPrefix) ? this.#entries.get(arn.slice(this.#arnPrefix.length)) : undefined;
  }

  create(name: string, given: QueueAttributes, tags: Readonly<Record<string, string>>): QueueEntry {
    const existing = this.#entries.get(name);
    if (existing) {
      const different = Object.keys(given).find((key) => given[key] !== existing.attributes[key]);
      if (different === undefined) return existing;
      const message = `A queue already exists with the same name and a different value for attribute ${different}`;
      throw sqsError('QueueNameExists', message);
    }
    const isFifo = given.FifoQueue === 'true';
    checkQueueName(name, isFifo);
    if (this.nowMs() - (this.#deletedMs.get(name) ?? -Infinity) < PAUSE_MS) {
      const message =
        'You must wait 60 seconds after deleting a queue before you can create another with the same name.';
      throw sqsError('QueueDeletedRecently', message);
    }
    const attributes = mergeAttributes(defaultAttributes(isFifo), given, isFifo);
    this.#checkRedrive(this.#arnPrefix + name, attributes, given);
    const entry = this.#add(name, attributes, tags, this.nowMs(), this.nowMs());
    this.#database?.saveQueue(entry);
    return entry;
  }

  setAttributes(entry: QueueEntry, changes: QueueAttributes): void {
    if (changes.FifoQueue !== undefined && changes.FifoQueue !== entry.attributes.FifoQueue) {
      throw sqsError('InvalidAttributeName', 'Unknown Attribute FifoQueue.');
    }
    const attributes = mergeAttributes(entry.attributes, changes, entry.queue.settings.isFifo);
    this.#checkRedrive(entry.arn, attributes, changes);
    entry.queue.changeSettings(queueSettings(attributes));
    entry.attributes = attributes;
    entry.modifiedMs = this.nowMs();
    this.#database?.saveQueue(entry);
    entry.polls.notify();
  }

  setTags(entry: QueueEntry, tags: Readonly<Record<string, string>>): void {
    entry.tags = tags;
    this.#database?.saveQueue(entry);
  }

  delete(entry: QueueEntry): void {
    this.#entries.delete(entry.name);
    this.#deletedMs.set(entry.name, this.nowMs());
    entry.polls.close();
    this.#database?.deleteQueue(entry.name);
  }

  purge(entry: QueueEntry): void {
    if (this.nowMs() - entry.purgedMs < PAUSE_MS) {
      throw sqsError(
        'PurgeQueueInProgress',
        `Only one PurgeQueue operation on ${entry.name} is allowed every 60 seconds.`,
      );
    }
    entry.purgedMs = this.nowMs();
    entry.queue.purge();
  }

  /** Queues whose redrive policy names this one. */
  sourcesOf({ arn }: QueueEntry): readonly QueueEntry[] {
    return this.entries().filter(({ queue }) => queue.settings.redrive?.deadLetterTargetArn === arn);
  }

  /** Moves a message that was received too often; `false` where its dead-letter queue is gone or does not allow it. */
  deadLetter(source: QueueEntry, message: QueueMessage): boolean {
    const target = this.byArn(source.queue.settings.redrive?.deadLetterTargetArn ?? '');
    if (!target || target.queue.settings.isFifo !== source.queue.settings.isFifo) return false;
    const { redriveAllow, isFifo } = target.queue.settings;
    if (redriveAllow && !allowsSource(redriveAllow, source.arn)) return false;
    const nowMs = this.nowMs();
    // A standard queue keeps the age of a message, which its retention goes by; a FIFO queue starts anew.
    const content = {
      ...message,
      deadLetterSourceArn: source.arn,
      ...(isFifo && { sentMs: nowMs, sequenceNumber: this.nextSequenceNumber() }),
    };
    const { receiveCount, firstReceivedMs } = message;
    target.queue.restore(content, {
      state: 'visible',
      dueMs: nowMs,
      receiveCount,
      receivesHere: 0,
      firstReceivedMs,
      receivedMs: 0,
    });
    target.polls.notify();
    return true;
  }

  /** 20 digits that grow over all queues, and over a restart as long as the clock does. */
  nextSequenceNumber(): string {
    const fromClock = 18_000_000_000_000_000_000n + (BigInt(this.nowMs()) << 18n);
    this.#lastSequence = fromClock > this.#lastSequence ? fromClock : this.#lastSequence + 1n;
    return String(this.#lastSequence);
  }

  newMessageId(): string {
    return randomUUID();
  }

  close(): void {
    this.moveTasks.close();
    for (const { polls } of this.#entries.values()) polls.close();
  }

  #add(
    name: string,
    attributes: QueueAttributes,
    tags: QueueEntry['tags'],
    createdMs: number,
    modifiedMs: number,
  ): QueueEntry {
    const queue = new Queue(name, queueSettings(attributes), this.#database?.journal(name));
    const polls = new LongPolls(queue, this.nowMs, this.#setTimer);
    const attempts = new ReceiveAttempts();
    const arn = this.#arnPrefix + name;
    const entry = { name, arn, queue, polls, attempts, createdMs, attributes, tags, modifiedMs, purgedMs: -Infinity };
    this.#entries.set(name, entry);
    return entry;
  }

  /** A redrive policy that is set now must name a queue of the same kind that allows it. */
  #checkRedrive(arn: string, attributes: QueueAttributes, changes: QueueAttributes): void {
    const { redrive, isFifo } = queueSettings(attributes);
    const text = changes.RedrivePolicy;
    if (!redrive || text === undefined) return;
    const target = this.byArn(redrive.deadLetterTargetArn);
    if (!target) throw invalidParameter(text, 'RedrivePolicy', 'Dead letter target does not exist.');
    const { settings } = target.queue;
    if (settings.isFifo !== isFifo) {
      throw invalidParameter(text, 'RedrivePolicy', 'Dead-letter queue must be same type of queue as the source.');
    }
    if (settings.redriveAllow && !allowsSource(settings.redriveAllow, arn)) {
      const reason = `The RedriveAllowPolicy of ${target.arn} does not allow ${arn} to use it as a dead-letter queue.`;
      throw invalidParameter(text, 'RedrivePolicy', reason);
    }
  }
}
