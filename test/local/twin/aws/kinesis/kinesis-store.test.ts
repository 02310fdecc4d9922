import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { registerConsumer } from '../../../../../local/twin/aws/kinesis/consumer-operations.ts';
import { fromHashKey } from '../../../../../local/twin/aws/kinesis/hash-key.ts';
import { KinesisStore } from '../../../../../local/twin/aws/kinesis/kinesis-store.ts';
import { mergeShards, splitShard, updateShardCount } from '../../../../../local/twin/aws/kinesis/resharding.ts';
import type { Stream } from '../../../../../local/twin/aws/kinesis/stream.ts';

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
    const stop = store.onChange(stream, () => {
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
        const stream = store.create('events', { isOnDemand: false, shardCount, retentionHours: 24 });
        expect(coverage(stream)).toEqual([]);
        expect(stream.open).toHaveLength(shardCount);
        const put = () => store.put(stream, { partitionKey, data: 'AA==' });
        expect(put().shardId).toBe(put().shardId);
      }),
    );
  });

  it('covers every hash key after any series of splits, merges and scalings, and loses no record', () => {
    const action = fc.oneof(
      fc.record({ kind: fc.constant('split' as const), at: fc.nat(20) }),
      fc.record({ kind: fc.constant('merge' as const), at: fc.nat(20) }),
      fc.record({ kind: fc.constant('scale' as const), at: fc.integer({ min: 1, max: 8 }) }),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 8 }), (actions) => {
        const store = storeAt({ nowMs: 0 });
        const stream = store.create('events', { isOnDemand: false, shardCount: 2, retentionHours: 24 });
        for (const { kind, at } of actions) {
          store.put(stream, { partitionKey: `${kind}${at}`, data: 'AA==' });
          const next = () => store.nextOrdinal();
          const count = stream.open.length;
          const [one, two] = [stream.open[at % count], stream.open[(at % count) + 1]];
          if (kind === 'split' && one) splitShard(stream.state, one.state, undefined, 0, next);
          if (kind === 'merge' && one && two) mergeShards(stream.state, one.state, two.state, 0, next);
          if (kind === 'scale' && at <= count * 2 && at >= count / 2) {
            updateShardCount(stream.state, at, 0, next);
            store.resharded(stream);
            expect(stream.open).toHaveLength(at);
          }
          store.resharded(stream);
        }
        expect(coverage(stream)).toEqual([]);
        expect(stream.shards.reduce((sum, { records }) => sum + records.length, 0)).toBe(actions.length);
        for (const { id, parentIds } of store.recordStream(stream).shards()) {
          for (const parent of parentIds) expect(parent < id).toBe(true);
        }
      }),
    );
  });

  it('doubles the shards of an on-demand stream after a minute above half of what they take', () => {
    const clock = { nowMs: 0 };
    const store = storeAt(clock);
    const stream = store.create('events', { isOnDemand: true, shardCount: 4, retentionHours: 24 });
    const runMinute = (recordsPerSecond: number): number => {
      for (let second = 0; second < 60; second += 1) {
        clock.nowMs += 1_000;
        for (let index = 0; index < recordsPerSecond; index += 1)
          store.put(stream, { partitionKey: 'a', data: 'AA==' });
      }
      return stream.open.length;
    };
    runMinute(1);
    expect(runMinute(50)).toBe(4);
    runMinute(2_100);
    expect(runMinute(1)).toBe(8);
  });

  it('drops a closed shard with its last record', () => {
    const clock = { nowMs: 0 };
    const store = storeAt(clock);
    const stream = store.create('events', { isOnDemand: false, shardCount: 1, retentionHours: 24 });
    store.put(stream, { partitionKey: 'a', data: 'AA==' });
    updateShardCount(stream.state, 2, clock.nowMs, () => store.nextOrdinal());
    store.resharded(stream);
    const [closed] = stream.shards;
    clock.nowMs = 24 * HOUR_MS + 1;
    expect(store.read(stream, { shardId: closed?.id ?? '', afterSequenceNumber: undefined }, 1)).toEqual([]);
    expect(stream.shards.map(({ id }) => id)).toEqual(['shardId-000000000001', 'shardId-000000000002']);
  });

  it('finds its streams, records and order of numbers again in the database', () => {
    const database = new DatabaseSync(':memory:');
    const open = () => new KinesisStore('arn:aws:kinesis:eu-west-1:111122223333', () => 5, database);
    const first = open();
    const stream = first.create('events', { isOnDemand: false, shardCount: 2, retentionHours: 48 });
    const put = ['a', 'b', 'c'].map((partitionKey) => first.put(stream, { partitionKey, data: 'AA==' }).sequenceNumber);
    first.flush();
    const second = open();
    const again = second.stream('events');
    const kept = again.shards.flatMap(({ id }) => second.recordStream(again).read(id, undefined, 10));
    expect(kept.map(({ sequenceNumber }) => sequenceNumber).sort()).toEqual(put);
    expect(again.state.retentionHours).toBe(48);
    expect(second.put(again, { partitionKey: 'a', data: 'AA==' }).sequenceNumber > (put.at(-1) ?? '')).toBe(true);
  });

  it('is read by the ARN of a stream or of a consumer, and fails on one that is not there', () => {
    const store = storeAt({ nowMs: 0 });
    const stream = store.create('events', { isOnDemand: false, shardCount: 1, retentionHours: 24 });
    const consumer = { name: 'fast', arn: `${stream.arn}/consumer/fast:1`, createdMs: 0 };
    registerConsumer(store, stream, consumer);
    expect(store.streamOf(consumer.arn)).toBe(store.streamOf(stream.arn));
    expect(() => store.streamOf(`${stream.arn}/consumer/slow:1`)).toThrow(
      'Consumer arn:aws:kinesis:eu-west-1:111122223333:stream/events/consumer/slow:1 not found.',
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

/** Places where the open shards overlap or leave a gap. */
function coverage({ open }: Stream): unknown[] {
  const edges = [...open.map(({ state }) => state.firstHashKey), 'end'];
  const isFirst = open[0]?.state.firstHashKey === '0'.repeat(32);
  const isLast = open.at(-1)?.state.lastHashKey === 'f'.repeat(32);
  const gaps = open.filter(({ state }, index) => {
    const next = edges[index + 1];
    return next !== 'end' && fromHashKey(next ?? '') !== fromHashKey(state.lastHashKey) + 1n;
  });
  return [...(isFirst ? [] : ['first']), ...(isLast ? [] : ['last']), ...gaps];
}
