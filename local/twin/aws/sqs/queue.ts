import { type Accepted, Deduplication } from './deduplication.ts';
import { FairOrder } from './fair-order.ts';
import { FifoOrder } from './fifo-order.ts';
import { IndexedHeap } from './indexed-heap.ts';
import type { QueueSettings } from './queue-attributes.ts';
import { NO_JOURNAL, type QueueJournal } from './queue-journal.ts';
import type { MessageContent, QueueMessage } from './queue-message.ts';
import type { VisibleMessages } from './visible-messages.ts';

/** Messages that may be in flight at once; FIFO queues have had the same limit since 2024. */
const IN_FLIGHT_MAX = 120_000;

export interface QueueCounts {
  readonly visible: number;
  readonly delayed: number;
  readonly inFlight: number;
}

/** What came into a queue, and what was done with, since it is there. */
export interface QueueTotals {
  readonly sent: number;
  readonly deleted: number;
}

/** How a message was put in before: after a restart, or when it is moved. */
export type Restored = Pick<
  QueueMessage,
  'state' | 'dueMs' | 'receiveCount' | 'receivesHere' | 'firstReceivedMs' | 'receivedMs' | 'order'
>;

/**
 * The messages of one queue. Nothing happens by itself: delays, visibility timeouts and retention are looked at when
 * somebody asks, with `nowMs` as the only clock, and each step costs O(log n).
 */
export class Queue {
  readonly name: string;
  readonly #messages = new Map<string, QueueMessage>();
  readonly #sleeping = new IndexedHeap<QueueMessage>(
    (a, b) => a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order),
  );
  readonly #visible: VisibleMessages;
  readonly #deduplication = new Deduplication();
  readonly #journal: QueueJournal;
  settings: QueueSettings;
  #order = 0;
  #inFlight = 0;
  #sent = 0;
  #deleted = 0;
  /** Until then no message can have outlived its retention. */
  #nextExpiryMs = Infinity;

  constructor(name: string, settings: QueueSettings, journal: QueueJournal = NO_JOURNAL) {
    this.name = name;
    this.settings = settings;
    this.#visible = settings.isFifo ? new FifoOrder() : new FairOrder();
    this.#journal = journal;
  }

  /** Puts a message in. `delayMs` is this message's own delay, else the queue's applies. */
  send(content: MessageContent, nowMs: number, delayMs = this.settings.delayMs): QueueMessage {
    this.#sent += 1;
    return this.#put(content, {
      state: delayMs > 0 ? 'delayed' : 'visible',
      dueMs: nowMs + delayMs,
      receiveCount: 0,
      receivesHere: 0,
      firstReceivedMs: undefined,
      receivedMs: 0,
      order: this.#order,
    });
  }

  /** Puts in a message that has a past: from the database, or out of another queue. */
  restore(content: MessageContent, past: Omit<Restored, 'order'> & { readonly order?: number }): QueueMessage {
    return this.#put(content, { ...past, order: past.order ?? this.#order });
  }

  /** Takes up to `max` visible messages, which stay invisible for `visibilityMs`; those received too often go to `onDead` instead. */
  receive(
    max: number,
    nowMs: number,
    visibilityMs: number,
    onDead?: (message: QueueMessage) => boolean,
  ): QueueMessage[] {
    this.#advance(nowMs);
    const received: QueueMessage[] = [];
    const { redrive } = this.settings;
    let previous: QueueMessage | undefined;
    while (received.length < max && this.#inFlight < IN_FLIGHT_MAX) {
      const message = this.#visible.take(previous);
      if (!message) break;
      previous = message;
      this.#inFlight += 1;
      message.state = 'in-flight';
      this.#wake(message, nowMs + visibilityMs);
      if (redrive && message.receivesHere >= redrive.maxReceiveCount && onDead?.(message)) {
        this.#drop(message);
        continue;
      }
      message.receiveCount += 1;
      message.receivesHere += 1;
      message.firstReceivedMs ??= nowMs;
      message.receivedMs = nowMs;
      this.#journal.update(message);
      received.push(message);
    }
    return received;
  }

  /** Takes visible messages out for good without receiving them, as a move task does. */
  takeAway(max: number, nowMs: number): QueueMessage[] {
    this.#advance(nowMs);
    const taken: QueueMessage[] = [];
    while (taken.length < max) {
      const message = this.#visible.take(taken.at(-1));
      if (!message) break;
      this.#inFlight += 1;
      message.state = 'in-flight';
      this.#sleeping.push(message);
      this.#drop(message);
      taken.push(message);
    }
    return taken;
  }

  /** A message of this queue, whatever its state; `undefined` once it is deleted. */
  find(messageId: string, nowMs: number): QueueMessage | undefined {
    this.#advance(nowMs);
    return this.#messages.get(messageId);
  }

  delete(message: QueueMessage): void {
    this.#deleted += 1;
    this.#drop(message);
  }

  /** Lets a message in flight be invisible until `dueMs`; in the past makes it visible now. */
  changeVisibility(message: QueueMessage, dueMs: number, nowMs: number): void {
    this.#sleeping.remove(message);
    this.#wake(message, dueMs);
    this.#journal.update(message);
    this.#advance(nowMs);
  }

  purge(): void {
    for (const message of [...this.#messages.values()]) this.#drop(message, NO_JOURNAL);
    this.#journal.clear();
  }

  /** In FIFO queues, unlike standard ones, a new delay applies to messages that wait already. */
  changeSettings(settings: QueueSettings): void {
    const byMs = settings.delayMs - this.settings.delayMs;
    const isRetroactive = settings.isFifo && byMs !== 0;
    this.settings = settings;
    this.#nextExpiryMs = 0;
    if (!isRetroactive) return;
    for (const message of [...this.#sleeping.items()]) {
      if (message.state !== 'delayed') continue;
      message.dueMs += byMs;
      this.#sleeping.reposition(message);
    }
  }

  /** The message that was accepted under this key within five minutes. */
  duplicateOf(key: string, nowMs: number): Accepted | undefined {
    return this.#deduplication.find(key, nowMs);
  }

  rememberDuplicates(key: string, message: QueueMessage): void {
    this.#deduplication.add(key, message);
  }

  counts(nowMs: number): QueueCounts {
    this.#advance(nowMs);
    const inFlight = this.#inFlight;
    return { visible: this.#visible.size, inFlight, delayed: this.#sleeping.size - inFlight };
  }

  /** Neither purges nor the end of retention delete in this sense, nor does a move send. */
  get totals(): QueueTotals {
    return { sent: this.#sent, deleted: this.#deleted };
  }

  /** When the oldest message was sent that is not deleted; `undefined` where there is none. They stand by arrival. */
  oldestSentMs(nowMs: number): number | undefined {
    this.#advance(nowMs);
    return this.#messages.values().next().value?.sentMs;
  }

  get isFull(): boolean {
    return this.#inFlight >= IN_FLIGHT_MAX;
  }

  hasVisible(nowMs: number): boolean {
    this.#advance(nowMs);
    return this.#visible.size > 0;
  }

  /** When the next message becomes visible by itself; `undefined` where none sleeps. */
  get nextDueMs(): number | undefined {
    return this.#sleeping.peek()?.dueMs;
  }

  #put(content: MessageContent, past: Restored): QueueMessage {
    const message: QueueMessage = { ...content, ...past, heapIndex: -1 };
    this.#order = Math.max(this.#order, past.order + 1);
    this.#messages.set(message.id, message);
    this.#nextExpiryMs = Math.min(this.#nextExpiryMs, message.sentMs + this.settings.retentionMs);
    if (message.state === 'visible') this.#visible.add(message);
    else this.#sleeping.push(message);
    if (message.state === 'in-flight') {
      this.#inFlight += 1;
      this.#visible.hold(message);
    }
    this.#journal.add(message);
    return message;
  }

  #wake(message: QueueMessage, dueMs: number): void {
    message.dueMs = dueMs;
    this.#sleeping.push(message);
  }

  #advance(nowMs: number): void {
    if (nowMs >= this.#nextExpiryMs) this.#expire(nowMs);
    for (;;) {
      const message = this.#sleeping.peek();
      if (!message || message.dueMs > nowMs) return;
      this.#sleeping.pop();
      if (message.state === 'in-flight') this.#settle(message);
      message.state = 'visible';
      this.#visible.add(message);
    }
  }

  /** Messages stand by arrival, so those that are due come first; one that was moved here with its old age waits for them. */
  #expire(nowMs: number): void {
    const { retentionMs } = this.settings;
    this.#nextExpiryMs = Infinity;
    for (const message of this.#messages.values()) {
      const expiryMs = message.sentMs + retentionMs;
      if (expiryMs > nowMs) {
        this.#nextExpiryMs = expiryMs;
        return;
      }
      this.#drop(message);
    }
  }

  #drop(message: QueueMessage, journal = this.#journal): void {
    this.#messages.delete(message.id);
    if (message.state === 'visible') {
      this.#visible.remove(message);
    } else {
      this.#sleeping.remove(message);
      if (message.state === 'in-flight') this.#settle(message);
    }
    journal.remove(message);
  }

  #settle(message: QueueMessage): void {
    this.#inFlight -= 1;
    this.#visible.release(message);
  }
}
