import type { Stream } from './stream.ts';

/** AWS looks at the peak of a minute; it keeps room for twice as much. */
const WINDOW_MS = 60_000;
const HEADROOM = 2;
const SHARD_BYTES_PER_SECOND = 1024 * 1024;
const SHARD_RECORDS_PER_SECOND = 1_000;
/** On-demand streams grow to 200 MB/s of writes in most Regions. */
const SHARDS_MAX = 200;

interface Window {
  startMs: number;
  bytes: number;
  records: number;
}

/**
 * On-demand capacity: a stream starts with four shards, and doubles them after a minute in which it took more than half of
 * what they can. It never shrinks here; AWS takes shards away after days of less traffic.
 */
export class OnDemandScaling {
  readonly #windows = new WeakMap<Stream, Window>();
  readonly #double: (stream: Stream) => void;

  constructor(double: (stream: Stream) => void) {
    this.#double = double;
  }

  count(stream: Stream, bytes: number, nowMs: number): void {
    const window = this.#windows.get(stream);
    if (!window) {
      this.#windows.set(stream, { startMs: nowMs, bytes, records: 1 });
      return;
    }
    const passedMs = nowMs - window.startMs;
    if (passedMs >= WINDOW_MS) {
      const shards = stream.open.length;
      const needed = Math.max(
        ((window.bytes / passedMs) * 1_000) / SHARD_BYTES_PER_SECOND,
        ((window.records / passedMs) * 1_000) / SHARD_RECORDS_PER_SECOND,
      );
      if (needed * HEADROOM > shards && shards * 2 <= SHARDS_MAX) this.#double(stream);
      Object.assign(window, { startMs: nowMs, bytes: 0, records: 0 });
    }
    window.bytes += bytes;
    window.records += 1;
  }
}
