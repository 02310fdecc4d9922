import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KinesisStore } from '../../../../../local/twin/aws/kinesis/kinesis-store.ts';

const HOUR_MS = 3_600_000;

function storeAt(clock: { nowMs: number }): KinesisStore {
  return new KinesisStore('arn:aws:kinesis:eu-west-1:111122223333', () => clock.nowMs);
}

describe('kinesis store', () => {
  it('keeps a record for just the retention, and no longer', () => {
    const clock = { nowMs: 0 };
    const store = storeAt(clock);
    const stream = store.create('events', { isOnDemand: false, shardCount: 1, retentionHours: 24 });
    const { shardId } = store.put(stream, { partitionKey: 'ada', data: 'AA==' });
    const read = () => store.read(stream, { shardId, afterSequenceNumber: undefined }, 10).length;
    clock.nowMs = 24 * HOUR_MS;
    expect(read()).toBe(1);
    clock.nowMs += 1;
    expect(read()).toBe(0);
  });

  it('tells its listeners of each put until they stop listening', () => {
    const store = storeAt({ nowMs: 0 });
    const stream = store.create('events', { isOnDemand: false, shardCount: 1, retentionHours: 24 });
    let heard = 0;
    const stop = store.onPut(stream, () => {
      heard += 1;
    });
    store.put(stream, { partitionKey: 'ada', data: 'AA==' });
    stop();
    store.put(stream, { partitionKey: 'ada', data: 'AA==' });
    expect(heard).toBe(1);
  });

  it('covers every hash key by exactly one shard', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 64 }), fc.string({ minLength: 1 }), (shardCount, partitionKey) => {
        const store = storeAt({ nowMs: 0 });
        const { shards, ...stream } = store.create('events', { isOnDemand: false, shardCount, retentionHours: 24 });
        expect(shards[0]?.startingHashKey).toBe(0n);
        expect(shards.at(-1)?.endingHashKey).toBe((1n << 128n) - 1n);
        for (const [index, shard] of shards.entries()) {
          const next = shards[index + 1];
          if (next) expect(next.startingHashKey).toBe(shard.endingHashKey + 1n);
        }
        const put = () => store.put({ ...stream, shards }, { partitionKey, data: 'AA==' });
        expect(put().shardId).toBe(put().shardId);
      }),
    );
  });

  it('reads on from any record without a gap or a repetition', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 10 }), (count, limit) => {
        const store = storeAt({ nowMs: 0 });
        const stream = store.create('events', { isOnDemand: false, shardCount: 1, retentionHours: 24 });
        const put = Array.from(
          { length: count },
          () => store.put(stream, { partitionKey: 'a', data: 'AA==' }).sequenceNumber,
        );
        const shardId = stream.shards[0]?.id ?? '';
        const seen: string[] = [];
        for (;;) {
          const page = store.read(stream, { shardId, afterSequenceNumber: seen.at(-1) }, limit);
          if (page.length === 0) break;
          seen.push(...page.map(({ sequenceNumber }) => sequenceNumber));
        }
        expect(seen).toEqual(put);
      }),
    );
  });
});
