import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { DurableMap } from '../../../../../local/twin/aws/durable-map.ts';
import { DirectSource, type PutRecord } from '../../../../../local/twin/aws/firehose/direct-source.ts';

const texts = (records: readonly { readonly data: Uint8Array }[]) => records.map(({ data }) => String(data));

describe('DirectSource', () => {
  it('keeps what was put and not delivered through a restart, in order', () => {
    const database = new DatabaseSync(':memory:');
    const records = new DurableMap<PutRecord>(database, 'firehose_records');
    const source = new DirectSource(records, 'audit');
    for (const text of ['1', '2', '3']) source.put(btoa(text), 0);
    source.delivered(source.take(1));
    records.flush();
    const kept = new DurableMap<PutRecord>(database, 'firehose_records');
    const next = new DirectSource(kept, 'audit');
    next.put(btoa('4'), 0);
    expect(texts(next.take(10))).toEqual(['2', '3', '4']);
    expect(new DirectSource(kept, 'audi').take(10)).toEqual([]);
  });

  it('tells its listener of each record until that stops listening', () => {
    const source = new DirectSource(new DurableMap<PutRecord>(undefined, 'firehose_records'), 'audit');
    let told = 0;
    const stop = source.onChange(() => {
      told += 1;
    });
    source.put(btoa('1'), 0);
    stop();
    source.put(btoa('2'), 0);
    expect(told).toBe(1);
  });
});
