import type { Clock } from '../../lambdas/adapters/clock.ts';
import type {
  Completion,
  IdempotencyStore,
  KeptReply,
  OnceOutcome,
  OnceRequest,
  RunResult,
} from '../../lambdas/adapters/idempotency/idempotency-store.ts';
import type { TransactionItem } from '../../lambdas/adapters/outbox.ts';

interface MemoryRecord {
  readonly payloadHash: string;
  readonly claim: number;
  readonly untilMs: number;
  readonly expiresAtMs: number;
  readonly reply?: KeptReply;
}

/** Idempotency records in memory, on a manual clock. */
export class MemoryIdempotency implements IdempotencyStore {
  readonly records = new Map<string, MemoryRecord>();
  /** What the store fails with, as long as it is set. */
  failure: Error | undefined;
  readonly #clock: Clock;
  #claims = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async once(request: OnceRequest, run: (completion: Completion) => Promise<RunResult>): Promise<OnceOutcome> {
    const { id, payloadHash, keepForSeconds } = request;
    if (this.failure) return { kind: 'unavailable', error: this.failure };
    const nowMs = this.#clock.now();
    const present = this.records.get(id);
    if (present !== undefined && present.expiresAtMs >= nowMs) {
      if (present.payloadHash !== payloadHash) return { kind: 'mismatch' };
      if (present.reply !== undefined) return { kind: 'replayed', reply: present.reply };
      if (present.untilMs >= nowMs) return { kind: 'running' };
    }
    this.#claims += 1;
    const claim = this.#claims;
    const expiresAtMs = nowMs + keepForSeconds * 1_000;
    this.records.set(id, { payloadHash, claim, untilMs: nowMs + request.remainingMs(), expiresAtMs });
    const settle = (change: (record: MemoryRecord) => void) => {
      const record = this.records.get(id);
      if (record?.claim === claim && record.reply === undefined) change(record);
    };
    try {
      const { reply, next } = await run((given) => this.completion(id, claim, given));
      if (next === 'keep') settle((record) => this.records.set(id, { ...record, reply }));
      if (next === 'forget') settle(() => this.records.delete(id));
      return { kind: 'first', reply };
    } catch (error) {
      settle(() => this.records.delete(id));
      throw error;
    }
  }

  /** Does what a transaction with this item would do; false where it would fail. */
  commit(item: TransactionItem): boolean {
    const { id, claim, reply } = (item as { memory: { id: string; claim: number; reply: KeptReply } }).memory;
    const record = this.records.get(id);
    if (record?.claim !== claim || record.reply !== undefined) return false;
    this.records.set(id, { ...record, reply });
    return true;
  }

  private completion(id: string, claim: number, reply: KeptReply): TransactionItem {
    return { memory: { id, claim, reply } } as TransactionItem;
  }
}
