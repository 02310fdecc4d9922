import { describe, expect, it } from 'vitest';
import { DurableMap } from '../../../../../local/twin/aws/durable-map.ts';
import { type ShardPosition, StreamSource } from '../../../../../local/twin/aws/firehose/stream-source.ts';
import { MemoryRecordStream } from '../../../../support/memory-record-stream.ts';

const texts = (records: readonly { readonly data: Uint8Array }[]) => records.map(({ data }) => String(data));

describe('StreamSource', () => {
  const positions = () => new DurableMap<ShardPosition>(undefined, 'positions');

  it('begins with what comes after its first start, and with shards that are added at their beginning', () => {
    const stream = new MemoryRecordStream(() => 0, ['a', 'empty']);
    stream.put('a', 'k', 'old');
    const source = new StreamSource(stream, positions(), 'archive');
    stream.put('a', 'k', 'one');
    stream.put('empty', 'k', 'two');
    stream.open('child', 'a');
    stream.put('child', 'k', 'three');
    expect(texts(source.take(10))).toEqual(['one', 'two', 'three']);
    expect(source.take(10)).toEqual([]);
  });

  it('goes on where it delivered, and reads again what it only read', () => {
    const stream = new MemoryRecordStream(() => 0);
    const kept = positions();
    const source = new StreamSource(stream, kept, 'archive');
    for (const text of ['1', '2', '3']) stream.put('shard-0', 'k', text);
    const taken = source.take(2);
    source.delivered(taken.slice(0, 1));
    expect(texts(new StreamSource(stream, kept, 'archive').take(10))).toEqual(['2', '3']);
    expect(texts(new StreamSource(stream, kept, 'another').take(10))).toEqual([]);
  });

  it('takes no more than it is asked for, of all shards together', () => {
    const stream = new MemoryRecordStream(() => 0, ['a', 'b']);
    const source = new StreamSource(stream, positions(), 'archive');
    for (const shard of ['a', 'a', 'b', 'b']) stream.put(shard, 'k', shard);
    expect(texts(source.take(3))).toEqual(['a', 'a', 'b']);
    expect(texts(source.take(3))).toEqual(['b']);
  });

  it('begins anew with a stream that was made anew', () => {
    const kept = positions();
    const lost = new MemoryRecordStream(() => 0);
    const source = new StreamSource(lost, kept, 'archive');
    for (const text of ['1', '2', '3']) lost.put('shard-0', 'k', text);
    source.delivered(source.take(10));
    const anew = new MemoryRecordStream(() => 0);
    const next = new StreamSource(anew, kept, 'archive');
    anew.put('shard-0', 'k', 'first');
    expect(texts(next.take(10))).toEqual(['first']);
  });
});
