/** Limits of one shard; developer guide, "Quotas and limits". */
const WRITE_BYTES_PER_SECOND = 1024 * 1024;
const WRITE_RECORDS_PER_SECOND = 1_000;
const READ_BYTES_PER_SECOND = 2 * 1024 * 1024;
const READS_PER_SECOND = 5;

/** Holds one second's worth at most. A taker may run it into debt, which has to be earned back before the next. */
interface Allowance {
  readonly perSecond: number;
  left: number;
  atMs: number;
}

/** What a shard lets through, by token buckets. `nowMs` never runs backwards. */
export class ShardThroughput {
  readonly #writeBytes: Allowance;
  readonly #writeRecords: Allowance;
  readonly #readBytes: Allowance;
  readonly #reads: Allowance;

  constructor(nowMs: number) {
    this.#writeBytes = allowance(WRITE_BYTES_PER_SECOND, nowMs);
    this.#writeRecords = allowance(WRITE_RECORDS_PER_SECOND, nowMs);
    this.#readBytes = allowance(READ_BYTES_PER_SECOND, nowMs);
    this.#reads = allowance(READS_PER_SECOND, nowMs);
  }

  /**
   * Whether a record of so many bytes (partition key and data) may be written now; takes its share if so. A record larger
   * than a second's worth is let through by a full bucket, as AWS lets large records burst, and holds up those after it.
   */
  admitWrite(bytes: number, nowMs: number): boolean {
    refill(this.#writeBytes, nowMs);
    refill(this.#writeRecords, nowMs);
    const isEnough = this.#writeRecords.left >= 1 && this.#writeBytes.left >= Math.min(bytes, WRITE_BYTES_PER_SECOND);
    if (!isEnough) return false;
    this.#writeRecords.left -= 1;
    this.#writeBytes.left -= bytes;
    return true;
  }

  /** Whether GetRecords may be called now: five times a second, and not while an earlier answer was too large. */
  admitRead(nowMs: number): boolean {
    refill(this.#reads, nowMs);
    refill(this.#readBytes, nowMs);
    if (this.#reads.left < 1 || this.#readBytes.left <= 0) return false;
    this.#reads.left -= 1;
    return true;
  }

  /** An answer of 10 MB is allowed, and then nothing until it is paid for at 2 MB a second, a second of which is on hand. */
  countRead(bytes: number): void {
    this.#readBytes.left -= bytes;
  }
}

function allowance(perSecond: number, atMs: number): Allowance {
  return { perSecond, left: perSecond, atMs };
}

function refill(allowance: Allowance, nowMs: number): void {
  const earned = ((nowMs - allowance.atMs) * allowance.perSecond) / 1_000;
  // Rounded to a millionth: sums of fractions would otherwise end just below a whole token.
  allowance.left = Math.min(allowance.perSecond, Math.round((allowance.left + earned) * 1e6) / 1e6);
  allowance.atMs = nowMs;
}
