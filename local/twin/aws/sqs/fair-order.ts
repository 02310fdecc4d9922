import { type HeapItem, IndexedHeap } from './indexed-heap.ts';
import type { QueueMessage } from './queue-message.ts';
import type { VisibleMessages } from './visible-messages.ts';

interface Tenant extends HeapItem {
  readonly id: string | undefined;
  readonly waiting: IndexedHeap<QueueMessage>;
  inFlight: number;
  isNoisy: boolean;
}

/**
 * AWS calls a tenant noisy that has a disproportionate share of the messages in flight, without a number. Here: more than
 * ten, and more than a tenth of all.
 */
const NOISY_FROM = 10;
const NOISY_SHARE = 0.1;

/**
 * A standard queue: by arrival, but messages of quiet tenants (`MessageGroupId`) before those of noisy ones, as fair queues
 * deliver. Messages without a group are nobody's and never noisy. O(log n) a message, however many tenants there are.
 */
export class FairOrder implements VisibleMessages {
  readonly #tenants = new Map<string | undefined, Tenant>();
  readonly #quiet = new IndexedHeap<Tenant>(headIsBefore);
  readonly #noisy = new IndexedHeap<Tenant>(headIsBefore);
  #size = 0;
  #inFlight = 0;

  get size(): number {
    return this.#size;
  }

  add(message: QueueMessage): void {
    const tenant = this.#tenant(message.groupId);
    tenant.waiting.push(message);
    this.#size += 1;
    if (tenant.waiting.size > 1) this.#heapOf(tenant).reposition(tenant);
    else this.#line(tenant);
  }

  remove(message: QueueMessage): void {
    const tenant = this.#tenant(message.groupId);
    tenant.waiting.remove(message);
    this.#size -= 1;
    this.#headLeft(tenant);
  }

  take(): QueueMessage | undefined {
    const tenant = this.#next();
    const message = tenant?.waiting.pop();
    if (!tenant || !message) return undefined;
    this.#size -= 1;
    this.#inFlight += 1;
    tenant.inFlight += 1;
    this.#headLeft(tenant);
    return message;
  }

  hold(message: QueueMessage): void {
    this.#inFlight += 1;
    this.#tenant(message.groupId).inFlight += 1;
  }

  release(message: QueueMessage): void {
    const tenant = this.#tenant(message.groupId);
    this.#inFlight -= 1;
    tenant.inFlight -= 1;
    if (tenant.waiting.size > 0) {
      if (tenant.isNoisy && !this.#hasTooMany(tenant)) this.#relocate(tenant);
    } else this.#forgetIfIdle(tenant);
  }

  /** The tenant of the oldest message of the quiet ones, else of the noisy ones; a tenant is judged when it comes to the top. */
  #next(): Tenant | undefined {
    for (;;) {
      const tenant = this.#quiet.peek();
      if (!tenant) return this.#noisy.peek();
      if (!this.#hasTooMany(tenant)) return tenant;
      this.#relocate(tenant);
    }
  }

  #hasTooMany({ id, inFlight }: Tenant): boolean {
    return id !== undefined && inFlight > NOISY_FROM && inFlight > NOISY_SHARE * this.#inFlight;
  }

  #relocate(tenant: Tenant): void {
    this.#heapOf(tenant).remove(tenant);
    this.#line(tenant);
  }

  #line(tenant: Tenant): void {
    tenant.isNoisy = this.#hasTooMany(tenant);
    this.#heapOf(tenant).push(tenant);
  }

  #headLeft(tenant: Tenant): void {
    if (tenant.waiting.size > 0) {
      this.#heapOf(tenant).reposition(tenant);
    } else {
      this.#heapOf(tenant).remove(tenant);
      this.#forgetIfIdle(tenant);
    }
  }

  #forgetIfIdle(tenant: Tenant): void {
    if (tenant.waiting.size === 0 && tenant.inFlight === 0) this.#tenants.delete(tenant.id);
  }

  #heapOf({ isNoisy }: Tenant): IndexedHeap<Tenant> {
    return isNoisy ? this.#noisy : this.#quiet;
  }

  #tenant(id: string | undefined): Tenant {
    let tenant = this.#tenants.get(id);
    if (!tenant) {
      tenant = { id, waiting: new IndexedHeap(isEarlier), inFlight: 0, isNoisy: false, heapIndex: -1 };
      this.#tenants.set(id, tenant);
    }
    return tenant;
  }
}

function headIsBefore(a: Tenant, b: Tenant): boolean {
  return (a.waiting.peek()?.order ?? Infinity) < (b.waiting.peek()?.order ?? Infinity);
}

function isEarlier(a: QueueMessage, b: QueueMessage): boolean {
  return a.order < b.order;
}
