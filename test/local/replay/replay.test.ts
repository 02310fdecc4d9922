import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BatchAnswer, StreamRecord } from '../../../local/redrive/stream-batch.ts';
import type { ArchivedEvent } from '../../../local/replay/archive.ts';
import { type ReplayOptions, replay } from '../../../local/replay/replay.ts';
import { ManualClock } from '../../support/manual-clock.ts';

interface Seen {
  readonly id: string;
  readonly subject: string;
}

const eventOf = (index: number, subject: string, type = 'FeedUpdated'): ArchivedEvent => ({
  position: { key: 'events/2026/11/22/10/a', line: index + 1 },
  text: JSON.stringify({ id: `event-${index}`, type, subject }),
  type,
  subject,
  timeMs: 1_000 * index,
});
const eventsOf = (count: number, subjects = 3) =>
  Array.from({ length: count }, (_, index) => eventOf(index, `subject-${index % subjects}`));

function readRecord(record: StreamRecord): Seen & { readonly sequenceNumber: string } {
  const { kinesis } = record as { kinesis: { data: string; sequenceNumber: string; partitionKey: string } };
  const { id } = JSON.parse(Buffer.from(kinesis.data, 'base64').toString()) as { id: string };
  return { id, subject: kinesis.partitionKey, sequenceNumber: kinesis.sequenceNumber };
}

/** A consumer that works on records in order up to the first that it cannot, as a mapping would have it. */
function createConsumer(fails: (id: string, attempt: number) => boolean = () => false) {
  const seen: Seen[] = [];
  const batches: number[] = [];
  const attempts = new Map<string, number>();
  const call = async (records: readonly StreamRecord[]): Promise<BatchAnswer> => {
    batches.push(records.length);
    for (const record of records) {
      const { id, subject, sequenceNumber } = readRecord(record);
      const attempt = (attempts.get(id) ?? 0) + 1;
      attempts.set(id, attempt);
      if (fails(id, attempt)) return { ok: true, failed: [sequenceNumber] };
      seen.push({ id, subject });
    }
    return { ok: true, failed: [] };
  };
  return { call, seen, batches };
}

async function* stream(events: readonly ArchivedEvent[]): AsyncGenerator<ArchivedEvent> {
  yield* events;
}

function run(events: readonly ArchivedEvent[], options: Partial<ReplayOptions> & Pick<ReplayOptions, 'call'>) {
  const clock = new ManualClock();
  return replay({
    events: stream(events),
    maxPerSecond: 1_000,
    batchSize: 10,
    region: 'eu-west-1',
    nowMs: () => clock.now(),
    wait: async (ms) => clock.advance(ms),
    signal: new AbortController().signal,
    onProgress: () => {},
    ...options,
  });
}

describe('replay', () => {
  it('gives all events to the consumer, in order, in batches that are not too large', async () => {
    const { call, seen, batches } = createConsumer();
    expect(await run(eventsOf(25), { call })).toEqual({ done: 25 });
    expect(seen.map(({ id }) => id)).toEqual(eventsOf(25).map((_, index) => `event-${index}`));
    expect(batches).toEqual([10, 10, 5]);
  });

  it('shapes them as the stream does', async () => {
    let given: readonly StreamRecord[] = [];
    await run([eventOf(3, 'ann')], {
      call: async (records) => {
        given = records;
        return { ok: true, failed: [] };
      },
    });
    expect(given).toEqual([
      expect.objectContaining({
        eventSource: 'aws:kinesis',
        eventID: 'shardId-000000000000:49600000000000000000000000000000000000000000000000000000',
        awsRegion: 'eu-west-1',
        kinesis: {
          kinesisSchemaVersion: '1.0',
          partitionKey: 'ann',
          sequenceNumber: '49600000000000000000000000000000000000000000000000000000',
          data: Buffer.from(eventOf(3, 'ann').text).toString('base64'),
          approximateArrivalTimestamp: 3,
        },
      }),
    ]);
  });

  it('leaves out other types', async () => {
    const { call, seen } = createConsumer();
    const events = [eventOf(0, 'a'), eventOf(1, 'a', 'PostViewed'), eventOf(2, 'a')];
    expect(await run(events, { call, types: new Set(['PostViewed']) })).toEqual({ done: 1 });
    expect(seen.map(({ id }) => id)).toEqual(['event-1']);
  });

  it('keeps to its rate', async () => {
    const clock = new ManualClock();
    const startMs = clock.now();
    await run(eventsOf(50), {
      ...createConsumer(),
      maxPerSecond: 5,
      nowMs: () => clock.now(),
      wait: async (ms) => clock.advance(ms),
    });
    expect(clock.now() - startMs).toBeGreaterThanOrEqual(49 * 200);
  });

  it('bounds a batch by its bytes as well', async () => {
    const { call, batches } = createConsumer();
    const large = eventsOf(4).map((event) => ({
      ...event,
      text: JSON.stringify({ id: event.subject, x: 'x'.repeat(1_500_000) }),
    }));
    await run(large, { call });
    expect(batches).toEqual([2, 2]);
  });

  it('goes on from the first record that failed', async () => {
    const { call, seen } = createConsumer((id, attempt) => id === 'event-4' && attempt < 3);
    expect(await run(eventsOf(20), { call })).toEqual({ done: 20 });
    expect(new Set(seen.map(({ id }) => id)).size).toBe(20);
  });

  it('stops at an event that keeps failing, and says where', async () => {
    const { call, seen } = createConsumer((id) => id === 'event-14');
    expect(await run(eventsOf(30), { call })).toEqual({
      done: 14,
      resumeAt: { key: 'events/2026/11/22/10/a', line: 15 },
      error: 'it reported records that failed',
    });
    expect(seen.at(-1)?.id).toBe('event-13');
  });

  it('stops where the consumer throws each time, with what it threw', async () => {
    const call = async (): Promise<BatchAnswer> => ({ ok: false, error: 'TypeError: oops' });
    expect(await run(eventsOf(3), { call })).toEqual({
      done: 0,
      resumeAt: { key: 'events/2026/11/22/10/a', line: 1 },
      error: 'TypeError: oops',
    });
  });

  it('ends after the call that is under way, and says where to go on', async () => {
    const controller = new AbortController();
    const { call } = createConsumer();
    const result = await run(eventsOf(30), { call, signal: controller.signal, onProgress: () => controller.abort() });
    expect(result).toEqual({ done: 10, resumeAt: { key: 'events/2026/11/22/10/a', line: 11 } });
  });

  it('ends between events that are not meant, and says where to go on', async () => {
    const controller = new AbortController();
    const { call, seen } = createConsumer();
    let read = 0;
    async function* events(): AsyncGenerator<ArchivedEvent> {
      for (const event of eventsOf(30)) {
        read += 1;
        if (read === 5) controller.abort();
        yield event;
      }
    }
    const result = await run([], { call, events: events(), types: new Set(['PostViewed']), signal: controller.signal });
    expect(result).toEqual({ done: 0, resumeAt: { key: 'events/2026/11/22/10/a', line: 5 } });
    expect({ read, seen }).toEqual({ read: 5, seen: [] });
  });

  it('keeps the order of each subject, and leaves no event out, whatever fails', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 20 }),
        fc.array(fc.nat(60), { maxLength: 10 }),
        async (count, subjects, batchSize, failing) => {
          const { call, seen } = createConsumer(
            (id, attempt) => failing.some((at) => `event-${at}` === id) && attempt < 3,
          );
          expect(await run(eventsOf(count, subjects), { call, batchSize })).toEqual({ done: count });
          const first = new Map<string, string[]>();
          for (const { id, subject } of seen) {
            const ids = first.get(subject) ?? [];
            if (!ids.includes(id)) first.set(subject, [...ids, id]);
          }
          for (const [subject, ids] of first) {
            const expected = eventsOf(count, subjects).flatMap((event, index) =>
              event.subject === subject ? [`event-${index}`] : [],
            );
            expect(ids).toEqual(expected);
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});
