/** A record as Lambda gives it to a stream's consumer, of Kinesis or of a table's stream. */
export interface StreamRecord {
  readonly kinesis?: { readonly sequenceNumber: string };
  readonly dynamodb?: { readonly SequenceNumber?: string };
}

/** What a consumer says of a batch. */
export type BatchAnswer =
  /** Sequence numbers of records that failed; none: all is done. */
  { readonly ok: true; readonly failed: readonly string[] } | { readonly ok: false; readonly error: string };

/** Calls a consumer's function as an event source mapping does. Rejects where it could not be called. */
export type CallConsumer = (records: readonly StreamRecord[]) => Promise<BatchAnswer>;

export interface WorkOffOptions {
  readonly call: CallConsumer;
  /** Calls in a row that get no record further. */
  readonly attempts: number;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}

export interface WorkedOff {
  /** The records from the first one that is not done. */
  readonly left: readonly StreamRecord[];
  /** What was said of them last. */
  readonly error?: string;
}

const RETRY_BASE_MS = 500;

/**
 * Has a consumer work on records until all are done, or none gets further: as a mapping with `ReportBatchItemFailures`,
 * which goes on from the first record that failed and gives those behind it once more.
 */
export async function workOff(records: readonly StreamRecord[], options: WorkOffOptions): Promise<WorkedOff> {
  const { call, attempts, wait, signal } = options;
  let left = records;
  let error: string | undefined;
  for (let attempt = 1; left.length > 0; attempt += 1) {
    const answer = await call(left);
    const done = doneOf(left, answer);
    error = answer.ok ? 'it reported records that failed' : answer.error;
    left = left.slice(done);
    if (done > 0) attempt = 0;
    if (left.length === 0 || attempt >= attempts || signal.aborted) break;
    await wait(RETRY_BASE_MS * 2 ** attempt, signal);
  }
  return left.length === 0 ? { left } : { left, ...(error !== undefined && { error }) };
}

/** How many from the front are done. A failure that names none of them is one of all, as Lambda has it. */
function doneOf(records: readonly StreamRecord[], answer: BatchAnswer): number {
  if (!answer.ok) return 0;
  if (answer.failed.length === 0) return records.length;
  const numbers = records.map(sequenceNumberOf);
  const places = answer.failed.map((failed) => numbers.indexOf(failed));
  return Math.max(0, Math.min(...places));
}

function sequenceNumberOf({ kinesis, dynamodb }: StreamRecord): string {
  return kinesis?.sequenceNumber ?? dynamodb?.SequenceNumber ?? '';
}
