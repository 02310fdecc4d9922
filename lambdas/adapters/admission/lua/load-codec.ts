import type { AdmissionSpec } from '../../../contract/admission-spec.ts';
import { overloadOf } from '../../../resilience/load/cubic-threshold.ts';
import { LEASE_ORIGIN_MS, leaseEpochMs } from '../../../resilience/load/in-flight-leases.ts';
import {
  createServiceLoad,
  type LoadEnding,
  type LoadRequest,
  type LoadState,
  type ServiceLoad,
} from '../../../resilience/load/service-load.ts';
import type { LoadView } from '../admission.ts';
import { LOAD_RECORD_BYTES, type LoadPlan } from './load-part.ts';

/** What the store says of the load. */
export interface LoadReply {
  readonly view: LoadView;
  /** Names the lease, if the request was admitted. */
  readonly leaseEpoch: number;
  /** Version of the controls that the shard knows; 0 before the first. */
  readonly controlsVersion: number;
}

/** So long a service may be idle before its limit begins anew and its parked requests are forgotten, in ms. */
const IDLE_MS = 3_600_000;

/** The load of one shard: each has an equal part of the fleet's limit. Absent where the service measures none. */
export function shardLoad({ adaptiveLimit, shards, leaseMs, parkedMax }: AdmissionSpec): ServiceLoad | undefined {
  if (adaptiveLimit === undefined) return undefined;
  // Less than one request in flight would serve nobody.
  const part = (requests: number) => Math.max(1, requests / shards);
  return createServiceLoad({
    algorithm: adaptiveLimit.algorithm,
    min: part(adaptiveLimit.min),
    max: part(adaptiveLimit.max),
    initial: part(adaptiveLimit.initial),
    leaseMs,
    parkedMax: Math.ceil(parkedMax / shards),
  });
}

/** The load's numbers in the script of admission. */
export function planLoad(load: ServiceLoad, { parkable, readmitted }: Omit<LoadRequest, 'position'>): LoadPlan {
  const { min: least, max: most, initial: first, parkedMax, leaseMs } = load;
  return {
    parkable,
    readmitted,
    epochMs: leaseEpochMs(leaseMs),
    lifeMs: recordLifeMs(load),
    least,
    most,
    first,
    parkedMax,
  };
}

const ENDINGS = ['success', 'dropped', 'ignored', 'unserved'] as const satisfies readonly LoadEnding['kind'][];
const ALGORITHMS = ['gradient', 'aimd'] as const satisfies readonly ServiceLoad['algorithm'][];

/**
 * The part of `p` that SETTLE_LOAD reads: loadFlag, ending (0 success, 1 dropped, 2 ignored, 3 unserved), latency ratio,
 * lease epoch, epoch's length in ms, record's life in ms (as text), least and most limit, algorithm (0 gradient, 1 AIMD).
 */
export function planLoadSettlement(load: ServiceLoad | undefined, ending: LoadEnding): readonly (number | string)[] {
  if (load === undefined) return [0];
  const { kind, latencyRatio, leaseEpoch } = ending;
  const algorithm = ALGORITHMS.indexOf(load.algorithm);
  const ends = [1, ENDINGS.indexOf(kind), latencyRatio, leaseEpoch];
  return [...ends, leaseEpochMs(load.leaseMs), String(recordLifeMs(load)), load.min, load.max, algorithm];
}

/** Reads `LOAD_REPLY_BYTES` bytes of the script's reply. */
export function readLoadReply(reply: Buffer, offset: number): LoadReply {
  return {
    view: {
      overload: overloadOf(reply.readDoubleLE(offset)),
      inFlight: reply.readUInt32LE(offset + 8),
      limit: reply.readDoubleLE(offset + 12),
      parked: reply.readUInt32LE(offset + 20),
    },
    leaseEpoch: reply.readUInt32LE(offset + 24),
    controlsVersion: reply.readUInt32LE(offset + 28),
  };
}

/** The record of a state, as the script writes it. */
export function encodeLoadRecord({ atMs, share, limit, short, long, leases, parked }: LoadState): Buffer {
  const record = Buffer.alloc(LOAD_RECORD_BYTES);
  record.writeUIntLE(atMs - LEASE_ORIGIN_MS, 0, 5);
  for (const [index, value] of [share, limit, short, long].entries()) record.writeDoubleLE(value, 5 + 8 * index);
  record.writeUInt32LE(leases.epoch, 37);
  for (const [index, count] of leases.counts.entries()) record.writeUInt16LE(count, 41 + 2 * index);
  record.writeUInt32LE(parked, 51);
  return record;
}

/** The state that a record holds. */
export function decodeLoadRecord(record: Buffer): LoadState {
  if (record.length !== LOAD_RECORD_BYTES) {
    throw new RangeError(`a load record has ${LOAD_RECORD_BYTES} bytes, got ${record.length}`);
  }
  const count = (index: number) => record.readUInt16LE(41 + 2 * index);
  return {
    atMs: LEASE_ORIGIN_MS + record.readUIntLE(0, 5),
    share: record.readDoubleLE(5),
    limit: record.readDoubleLE(13),
    short: record.readDoubleLE(21),
    long: record.readDoubleLE(29),
    leases: { epoch: record.readUInt32LE(37), counts: [count(0), count(1), count(2), count(3), count(4)] },
    parked: record.readUInt32LE(51),
  };
}

/** Longer than any lease, and than any request is parked; by an epoch, since it is set once in each. */
function recordLifeMs({ leaseMs }: ServiceLoad): number {
  return Math.max(IDLE_MS, 2 * leaseMs) + leaseEpochMs(leaseMs);
}
