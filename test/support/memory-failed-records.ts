import type { FailedRecords } from '../../lambdas/adapters/messaging/failed-records.ts';

/** Keeps records by their sequence numbers, unless it is told to refuse one. */
export class MemoryFailedRecords implements FailedRecords {
  /** Sequence number → why and by whom. */
  readonly records = new Map<string, Parameters<FailedRecords['put']>[1]>();
  readonly #refuse: (sequenceNumber: string) => boolean;

  constructor(refuse: (sequenceNumber: string) => boolean = () => false) {
    this.#refuse = refuse;
  }

  readonly put: FailedRecords['put'] = async ({ dynamodb }, by) => {
    const sequenceNumber = dynamodb?.SequenceNumber ?? '';
    if (this.#refuse(sequenceNumber)) throw new Error('SlowDown');
    this.records.set(sequenceNumber, by);
  };
}
