import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeLoadRecord,
  encodeLoadRecord,
  planLoad,
  planLoadSettlement,
  readLoadReply,
  shardLoad,
} from '../../../../../lambdas/adapters/admission/lua/load-codec.ts';
import { LOAD_REPLY_BYTES } from '../../../../../lambdas/adapters/admission/lua/load-part.ts';
import type { ServiceLoad } from '../../../../../lambdas/resilience/load/service-load.ts';
import { admissionSpec } from '../../../../support/admission-requests.ts';
import { loadStates } from '../../../../support/load-arbitraries.ts';

const LOAD: ServiceLoad = { algorithm: 'aimd', min: 2, max: 8, initial: 4, leaseMs: 4_000, parkedMax: 1 };
const NOW_MS = Date.UTC(2026, 10, 22);

describe('shardLoad', () => {
  const adaptiveLimit = { algorithm: 'gradient', min: 2, max: 90, initial: 30 } as const;

  it('gives each shard an equal part, in which at least one request is served', () => {
    const load = shardLoad(admissionSpec({ adaptiveLimit, shards: 4, parkedMax: 10 }));
    expect(load).toMatchObject({ min: 1, max: 22.5, initial: 7.5, parkedMax: 3 });
  });

  it('is none where the service measures none', () => {
    expect(shardLoad(admissionSpec())).toBeUndefined();
  });
});

describe('planLoad', () => {
  it('keeps a record for an hour and an epoch, or for two leases and an epoch', () => {
    const lifeMs = (leaseMs: number) => planLoad({ ...LOAD, leaseMs }, { parkable: false, readmitted: false }).lifeMs;
    expect([lifeMs(4_000), lifeMs(7_200_000)]).toEqual([3_601_000, 16_200_000]);
  });
});

describe('planLoadSettlement', () => {
  it('has the ending and what the limit follows it by', () => {
    const ending = { kind: 'ignored', latencyRatio: 0.5, leaseEpoch: 7 } as const;
    expect(planLoadSettlement(LOAD, ending)).toEqual([1, 2, 0.5, 7, 1_000, '3601000', 2, 8, 1]);
    expect(planLoadSettlement(undefined, ending)).toEqual([0]);
  });
});

describe('readLoadReply', () => {
  it('reads the overload for people: the root of the share', () => {
    const reply = Buffer.alloc(1 + LOAD_REPLY_BYTES);
    reply.writeDoubleLE(0.125, 1);
    reply.writeUInt32LE(3, 9);
    reply.writeDoubleLE(4.5, 13);
    reply.writeUInt32LE(2, 21);
    reply.writeUInt32LE(77, 25);
    reply.writeUInt32LE(9, 29);
    expect(readLoadReply(reply, 1)).toEqual({
      view: { overload: 0.5, inFlight: 3, limit: 4.5, parked: 2 },
      ...{ leaseEpoch: 77, controlsVersion: 9 },
    });
  });
});

describe('the record of a load', () => {
  it('holds any state', () => {
    fc.assert(
      fc.property(loadStates(LOAD, NOW_MS), (state) => {
        expect(decodeLoadRecord(encodeLoadRecord(state))).toEqual(state);
      }),
    );
  });

  it('fails for another number of bytes', () => {
    expect(() => decodeLoadRecord(Buffer.alloc(54))).toThrow(new RangeError('a load record has 55 bytes, got 54'));
  });
});
