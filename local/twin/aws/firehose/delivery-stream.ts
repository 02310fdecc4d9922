import type { AwsContext } from '../aws-room.ts';
import type { SetTimer } from '../set-timer.ts';
import { deliver } from './delivery.ts';
import type { DeliverySpec } from './delivery-spec.ts';
import type { RecordSource, WaitingRecord } from './record-source.ts';

export type DeliveryContext = Pick<AwsContext, 'callAws' | 'log' | 'nowMs'>;

/** Milliseconds from a failed delivery to the next, doubled each time up to the last. Firehose goes on for a day. */
const RETRY_FIRST_MS = 1_000;
const RETRY_LAST_MS = 60_000;
/** Records that are read at once. */
const READ_MAX = 1_000;

/**
 * Gathers records until there are enough of them, or the first has waited long enough, and writes them into one object. What
 * is not written when it ends without a flush is read again: each record is delivered at least once.
 */
export class DeliveryStream {
  readonly spec: DeliverySpec;
  readonly #source: RecordSource;
  readonly #context: DeliveryContext;
  readonly #setTimer: SetTimer;
  readonly #stopListening: () => void;
  #buffer: WaitingRecord[] = [];
  #bytes = 0;
  /** When the first record of the buffer came into it. */
  #sinceMs = 0;
  #failures = 0;
  /** No delivery before this time: the pause after a failure. */
  #notBeforeMs = 0;
  #cancelTimer: () => void = () => {};
  #running: Promise<void> | undefined;
  #isLookDue = false;
  #isClosed = false;

  constructor(spec: DeliverySpec, source: RecordSource, context: DeliveryContext, setTimer: SetTimer) {
    this.spec = spec;
    this.#source = source;
    this.#context = context;
    this.#setTimer = setTimer;
    this.#stopListening = source.onChange(() => this.#schedule());
    this.#schedule();
  }

  /** Reads nothing more, and delivers what it has; what the bucket does not take now is delivered after the next start. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    // What was put until now goes out, too.
    this.#fill(Number.POSITIVE_INFINITY);
    this.#isClosed = true;
    this.#stopListening();
    this.#cancelTimer();
    await this.#running;
    while (this.#buffer.length > 0 && (await this.#deliver()));
  }

  /** Several changes in one turn of the event loop make one look. */
  #schedule(): void {
    if (this.#isLookDue || this.#isClosed) return;
    this.#isLookDue = true;
    setImmediate(() => {
      this.#isLookDue = false;
      this.#look();
    });
  }

  #look(): void {
    if (this.#isClosed || this.#running) return;
    this.#fill(this.spec.bufferBytes);
    this.#cancelTimer();
    if (this.#buffer.length === 0) return;
    const waitMs = this.#dueMs() - this.#context.nowMs();
    if (waitMs > 0) this.#cancelTimer = this.#setTimer(waitMs, () => this.#schedule());
    else this.#run();
  }

  #run(): void {
    this.#running = this.#deliver().then(() => {
      this.#running = undefined;
      this.#schedule();
    });
  }

  #dueMs(): number {
    const fullMs = this.#bytes >= this.spec.bufferBytes ? 0 : this.#sinceMs + this.spec.bufferMs;
    return Math.max(fullMs, this.#notBeforeMs);
  }

  #fill(bytes: number): void {
    while (this.#bytes < bytes) {
      const records = this.#source.take(READ_MAX);
      if (records.length === 0) return;
      if (this.#buffer.length === 0) this.#sinceMs = this.#context.nowMs();
      this.#buffer.push(...records);
      this.#bytes += sizeOf(records);
    }
  }

  /** Whether the bucket took as many records as fit into one object. */
  async #deliver(): Promise<boolean> {
    const { callAws, log, nowMs } = this.#context;
    const records = this.#buffer.slice(0, this.#countOfObject());
    try {
      await deliver(this.spec, records, callAws, nowMs());
    } catch (error) {
      if (this.#failures === 0)
        log(`${this.spec.logicalId}: ${this.spec.bucket} took no object: ${(error as Error).message}`);
      this.#failures += 1;
      this.#notBeforeMs = nowMs() + retryMs(this.#failures);
      return false;
    }
    this.#failures = 0;
    this.#source.delivered(records);
    this.#buffer = this.#buffer.slice(records.length);
    this.#bytes -= sizeOf(records);
    this.#sinceMs = nowMs();
    return true;
  }

  #countOfObject(): number {
    let bytes = 0;
    const end = this.#buffer.findIndex(({ data }) => {
      bytes += data.length;
      return bytes >= this.spec.bufferBytes;
    });
    return end < 0 ? this.#buffer.length : end + 1;
  }
}

function sizeOf(records: readonly WaitingRecord[]): number {
  return records.reduce((sum, { data }) => sum + data.length, 0);
}

/** Formula: first · 2^(failures − 1), at most the last. */
function retryMs(failures: number): number {
  return Math.min(RETRY_FIRST_MS * 2 ** (failures - 1), RETRY_LAST_MS);
}
