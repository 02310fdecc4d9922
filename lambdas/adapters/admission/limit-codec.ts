import { inspectLimit, type LimitState, markOf, takenVerdict } from '../../resilience/limiters/decide-limits.ts';
import { intervalMs } from '../../resilience/limiters/gcra.ts';
import type { Limit, LimitVerdict } from '../../resilience/limiters/limit.ts';
import { logVerdict, type SlidingLogView } from '../../resilience/limiters/sliding-log.ts';
import { MICRO, microPerMs } from '../../resilience/limiters/token-bucket.ts';

/** Times are kept in 40 bits as milliseconds since the beginning of 2020, which lasts until 2054. */
export const STORE_EPOCH_MS = Date.UTC(2020, 0, 1);

/** A limit in a subject's record: two bytes of id, ten of state. */
export const ENTRY_BYTES = 12;
/** What the script says of a log: used units, time of the newest and of the blocking entry. */
export const LOG_VIEW_BYTES = 15;

const KINDS = { 'token-bucket': 1, gcra: 2, 'fixed-window': 3, 'sliding-window': 4, 'sliding-log': 5 } as const;
/** A key outlives what it holds by this much, so that a clock that is a little late finds it. */
const TTL_GRACE_MS = 1_000;
/** 34 years. */
const TTL_MAX_MS = 2 ** 40;

/** A limit in the numbers of the scripts. */
export interface LimitNumbers {
  readonly kind: number;
  readonly x: number;
  readonly y: number;
  /** What one unit of cost is in the numbers of the state. */
  readonly unit: number;
  /** After so long a state that nothing was taken from is as good as none. */
  readonly ttlMs: number;
}

export function limitNumbers(limit: Limit): LimitNumbers {
  const kind = KINDS[limit.algorithm];
  switch (limit.algorithm) {
    case 'token-bucket': {
      const x = microPerMs(limit.ratePerSecond);
      const y = limit.burst * MICRO;
      return { kind, x, y, unit: MICRO, ttlMs: periodsTtl(y / x) };
    }
    case 'gcra': {
      const x = intervalMs(limit.ratePerSecond);
      const y = limit.burst * x;
      return { kind, x, y, unit: x, ttlMs: periodsTtl(y) };
    }
    case 'sliding-window':
      return { kind, x: limit.windowMs, y: limit.max, unit: 1, ttlMs: ttl(2 * limit.windowMs) };
    default:
      return { kind, x: limit.windowMs, y: limit.max, unit: 1, ttlMs: ttl(limit.windowMs) };
  }
}

/** The script sets the time to live once in each period, so it has to last for two. */
function periodsTtl(fillMs: number): number {
  return 2 * ttl(fillMs);
}

function ttl(ms: number): number {
  return Math.min(TTL_MAX_MS, Math.ceil(ms) + TTL_GRACE_MS);
}

/** One limit as the store found or left it at `nowMs`. */
export interface StoredLimit {
  readonly verdict: LimitVerdict;
  /** Names the reservation; undefined where nothing was taken, or nothing will be settled. */
  readonly mark: number | undefined;
}

/** Reads what a reply says of a limit, from `offset`. */
export function readLimit(
  limit: Limit,
  bytes: Buffer,
  offset: number,
  request: {
    readonly nowMs: number;
    readonly cost: number;
    /** Whether the cost was taken. */
    readonly taken: boolean;
    /** Whether the reservation will be settled. */
    readonly settled: boolean;
  },
): StoredLimit {
  const { nowMs, cost, taken, settled } = request;
  if (limit.algorithm === 'sliding-log') {
    const view = readLogView(bytes, offset);
    if (!taken) return { verdict: logVerdict(limit, view, nowMs, cost), mark: undefined };
    const verdict = { ...logVerdict(limit, view, nowMs, 0), allowed: true, waitMs: 0 };
    return { verdict, mark: settled ? view.newestMs : undefined };
  }
  const state = readState(limit, bytes, offset + 2);
  if (!taken) return { verdict: inspectLimit(limit, state, nowMs, cost), mark: undefined };
  return {
    verdict: takenVerdict(limit, state, nowMs),
    mark: settled ? markOf(limit, state, nowMs, cost) : undefined,
  };
}

/** The ten bytes of a state. */
export function readState(limit: Exclude<Limit, { algorithm: 'sliding-log' }>, bytes: Buffer, at: number): LimitState {
  switch (limit.algorithm) {
    case 'token-bucket':
      return { microTokens: bytes.readIntLE(at, 5), atMs: STORE_EPOCH_MS + bytes.readUIntLE(at + 5, 5) };
    case 'gcra':
      return { tatFraction: bytes.readIntLE(at, 5), tatMs: STORE_EPOCH_MS + bytes.readUIntLE(at + 5, 5) };
    case 'fixed-window':
      return { count: bytes.readIntLE(at, 5), index: bytes.readUIntLE(at + 5, 5) };
    case 'sliding-window':
      return {
        current: bytes.readUIntLE(at, 3),
        previous: bytes.readUIntLE(at + 3, 3),
        index: bytes.readUInt32LE(at + 6),
      };
  }
}

function readLogView(bytes: Buffer, at: number): SlidingLogView {
  return {
    used: bytes.readUIntLE(at, 5),
    newestMs: storedTime(bytes.readUIntLE(at + 5, 5)),
    blockingMs: storedTime(bytes.readUIntLE(at + 10, 5)),
  };
}

/** 0 stays 0: there is none. */
function storedTime(sinceEpochMs: number): number {
  return sinceEpochMs === 0 ? 0 : STORE_EPOCH_MS + sinceEpochMs;
}

/** Names a reservation in the numbers of the settlement script. */
export function storedMark(limit: Limit, mark: number): number {
  return limit.algorithm === 'sliding-log' ? mark - STORE_EPOCH_MS : mark;
}
