/** A record that waits for its delivery. */
export interface WaitingRecord {
  readonly data: Uint8Array;
  readonly arrivalMs: number;
  /** For its source. */
  readonly place: string;
  readonly sequence: string;
}

/** Where the records of a delivery stream come from. */
export interface RecordSource {
  /** At most `limit` records after those that it gave already. */
  take(limit: number): WaitingRecord[];
  /** They are delivered: nobody gets them again, also after a restart. */
  delivered(records: readonly WaitingRecord[]): void;
  /** Calls `listener` when there may be more; returns how to stop it. */
  onChange(listener: () => void): () => void;
}
