import { createPace } from '../redrive/pacer.ts';
import { type CallConsumer, type StreamRecord, workOff } from '../redrive/stream-batch.ts';
import type { ArchivedEvent, ArchivePosition } from './archive.ts';
import { toKinesisRecord } from './kinesis-records.ts';

export interface ReplayOptions {
  /** In the order in which they are to be consumed. */
  readonly events: AsyncIterable<ArchivedEvent>;
  /** @default - all types */
  readonly types?: ReadonlySet<string> | undefined;
  readonly call: CallConsumer;
  /** Events a second, above 0. */
  readonly maxPerSecond: number;
  /** Most events of one call. */
  readonly batchSize: number;
  readonly region: string;
  readonly nowMs: () => number;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Ends the replay after the call that is under way. */
  readonly signal: AbortSignal;
  /** Told after each batch how many events are done. */
  readonly onProgress: (done: number) => void;
}

export interface ReplayResult {
  readonly done: number;
  /** Where to go on: the first event that is not done. Absent where all are. */
  readonly resumeAt?: ArchivePosition;
  /** What the consumer said of it. */
  readonly error?: string;
}

/** Lambda takes 6 MB; base64 has made the events larger already. */
const BATCH_MAX_BYTES = 5_000_000;
const ATTEMPTS = 5;

/**
 * Has one consumer work on events once more, batch by batch in their order, as if they came from the stream. It knows by their
 * ids those that it has seen, so a replay that is begun again changes nothing. Nobody else is told of it.
 */
export async function replay(options: ReplayOptions): Promise<ReplayResult> {
  const { types, call, batchSize, region, nowMs, wait, signal } = options;
  const pace = createPace({ maxPerSecond: options.maxPerSecond, nowMs, wait, signal });
  let batch: { readonly event: ArchivedEvent; readonly record: StreamRecord }[] = [];
  let bytes = 0;
  let place = 0;
  let done = 0;

  /** Where it stopped, if it did. */
  async function flush(): Promise<Omit<ReplayResult, 'done'> | undefined> {
    const [first] = batch;
    if (first === undefined) return undefined;
    if (signal.aborted) return { resumeAt: first.event.position };
    const records = batch.map(({ record }) => record);
    const { left, error } = await workOff(records, { call, attempts: ATTEMPTS, wait, signal });
    done += records.length - left.length;
    const stuck = batch[records.length - left.length];
    batch = [];
    bytes = 0;
    options.onProgress(done);
    return stuck && { resumeAt: stuck.event.position, ...(error !== undefined && { error }) };
  }

  for await (const event of options.events) {
    // Also between those that are not meant: there may be a whole archive of them.
    if (signal.aborted) return { done, resumeAt: (batch[0]?.event ?? event).position };
    if (types !== undefined && !types.has(event.type)) continue;
    const record = toKinesisRecord(event, place, region);
    place += 1;
    const size = Buffer.byteLength(JSON.stringify(record));
    if (batch.length >= batchSize || bytes + size > BATCH_MAX_BYTES) {
      const stopped = await flush();
      if (stopped !== undefined) return { done, ...stopped };
    }
    await pace();
    batch.push({ event, record });
    bytes += size;
  }
  const stopped = await flush();
  return { done, ...stopped };
}
