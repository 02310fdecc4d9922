import { describe, expect, it } from 'vitest';
import { ShardThroughput } from '../../../../../local/twin/aws/kinesis/shard-throughput.ts';

const MIB = 1024 * 1024;

function admitted(times: number, admit: () => boolean): number {
  return Array.from({ length: times }, admit).filter(Boolean).length;
}

describe('ShardThroughput', () => {
  it('takes a thousand small records a second, and not one more', () => {
    const shard = new ShardThroughput(0);
    expect(admitted(1_001, () => shard.admitWrite(10, 0))).toBe(1_000);
    expect(admitted(2, () => shard.admitWrite(10, 1))).toBe(1);
    expect(admitted(1_001, () => shard.admitWrite(10, 5_000))).toBe(1_000);
  });

  it('takes one mebibyte a second, and not a byte more', () => {
    const shard = new ShardThroughput(0);
    expect(admitted(5, () => shard.admitWrite(MIB / 4, 0))).toBe(4);
    expect(shard.admitWrite(1, 0)).toBe(false);
    expect(shard.admitWrite(MIB / 4, 250)).toBe(true);
  });

  it('lets a large record through at rest, and holds up the next until it is paid for', () => {
    const shard = new ShardThroughput(0);
    expect(shard.admitWrite(10 * MIB, 0)).toBe(true);
    expect(shard.admitWrite(1, 9_000)).toBe(false);
    expect(shard.admitWrite(1, 9_001)).toBe(true);
  });

  it('is read five times a second', () => {
    const shard = new ShardThroughput(0);
    expect(admitted(6, () => shard.admitRead(0))).toBe(5);
    expect(shard.admitRead(199)).toBe(false);
    expect(shard.admitRead(200)).toBe(true);
  });

  it('is read no more after an answer of 10 MiB until that is paid for', () => {
    const shard = new ShardThroughput(0);
    expect(shard.admitRead(0)).toBe(true);
    shard.countRead(10 * MIB);
    expect(shard.admitRead(4_000)).toBe(false);
    expect(shard.admitRead(4_001)).toBe(true);
  });
});
