import type { ParkedRecord, ParkedTable } from '../../lambdas/adapters/parking/parked-table.ts';

/** The table of parked requests in memory. Each operation is one turn, and so as atomic as DynamoDB's. */
export class MemoryParked implements ParkedTable {
  readonly items = new Map<string, ParkedRecord>();

  async create(record: Parameters<ParkedTable['create']>[0]) {
    if (!this.items.has(record.parkedId)) {
      this.items.set(record.parkedId, { ...record, status: 'queued', attempts: 0 });
    }
  }
  async find(parkedId: string) {
    return this.items.get(parkedId);
  }
  async withdraw(parkedId: string) {
    const record = this.items.get(parkedId);
    if (record !== undefined && record.status !== 'queued') return false;
    this.items.delete(parkedId);
    return true;
  }
  async claim({ parkedId, claimId, nowMs, leaseUntilMs }: Parameters<ParkedTable['claim']>[0]) {
    return this.#change(parkedId, (record) => {
      const isFree =
        (record.status === 'queued' && record.deadlineMs > nowMs) ||
        (record.status === 'running' && (record.leaseUntilMs ?? 0) <= nowMs);
      return isFree ? { status: 'running', claimId, leaseUntilMs, attempts: record.attempts + 1 } : undefined;
    });
  }
  async finish(claim: Parameters<ParkedTable['finish']>[0], answer: Parameters<ParkedTable['finish']>[1]) {
    return this.#change(claim.parkedId, ({ status, claimId }) =>
      status === 'running' && claimId === claim.claimId ? { status: 'done', answer } : undefined,
    );
  }
  async expire(parkedId: string, nowMs: number) {
    return this.#change(parkedId, ({ status, deadlineMs }) =>
      status === 'queued' && deadlineMs <= nowMs ? { status: 'expired' } : undefined,
    );
  }
  async abandon(parkedId: string, nowMs: number) {
    return this.#change(parkedId, ({ status, leaseUntilMs = 0 }) =>
      status === 'running' && leaseUntilMs <= nowMs ? { status: 'abandoned' } : undefined,
    );
  }

  #change(parkedId: string, change: (record: ParkedRecord) => Partial<ParkedRecord> | undefined): boolean {
    const record = this.items.get(parkedId);
    const changed = record && change(record);
    if (record === undefined || changed === undefined) return false;
    this.items.set(parkedId, { ...record, ...changed });
    return true;
  }
}
