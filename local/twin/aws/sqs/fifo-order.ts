import { type HeapItem, IndexedHeap } from './indexed-heap.ts';
import type { QueueMessage } from './queue-message.ts';
import type { VisibleMessages } from './visible-messages.ts';

interface Group extends HeapItem {
  readonly id: string | undefined;
  readonly waiting: IndexedHeap<QueueMessage>;
  inFlight: number;
}

/**
 * A FIFO queue: each group in order, and none of its messages while another of them is in flight. A receive takes as many of
 * one group as it can before it goes on to the next, as AWS does.
 */
export class FifoOrder implements VisibleMessages {
  readonly #groups = new Map<string | undefined, Group>();
  /** Groups with a visible message and none in flight, the longest waiting first. */
  readonly #open = new IndexedHeap<Group>(
    (a, b) => (a.waiting.peek()?.order ?? Infinity) < (b.waiting.peek()?.order ?? Infinity),
  );
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(message: QueueMessage): void {
    const group = this.#group(message.groupId);
    group.waiting.push(message);
    this.#size += 1;
    this.#settle(group);
  }

  remove(message: QueueMessage): void {
    const group = this.#group(message.groupId);
    group.waiting.remove(message);
    this.#size -= 1;
    this.#settle(group);
  }

  take(previous: QueueMessage | undefined): QueueMessage | undefined {
    const same = previous && this.#groups.get(previous.groupId);
    const group = same && same.waiting.size > 0 ? same : this.#open.peek();
    const message = group?.waiting.pop();
    if (!group || !message) return undefined;
    this.#size -= 1;
    group.inFlight += 1;
    this.#settle(group);
    return message;
  }

  hold(message: QueueMessage): void {
    const group = this.#group(message.groupId);
    group.inFlight += 1;
    this.#settle(group);
  }

  release(message: QueueMessage): void {
    const group = this.#group(message.groupId);
    group.inFlight -= 1;
    this.#settle(group);
  }

  /** Puts a group where it belongs after its first message or its lock has changed. */
  #settle(group: Group): void {
    const isOpen = group.inFlight === 0 && group.waiting.size > 0;
    const isListed = group.heapIndex >= 0;
    if (isOpen && isListed) this.#open.reposition(group);
    else if (isOpen) this.#open.push(group);
    else if (isListed) this.#open.remove(group);
    if (group.inFlight === 0 && group.waiting.size === 0) this.#groups.delete(group.id);
  }

  #group(id: string | undefined): Group {
    let group = this.#groups.get(id);
    if (!group) {
      group = { id, waiting: new IndexedHeap((a, b) => a.order < b.order), inFlight: 0, heapIndex: -1 };
      this.#groups.set(id, group);
    }
    return group;
  }
}
