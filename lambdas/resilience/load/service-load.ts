import { overloadOf, shedShare } from './cubic-threshold.ts';
import {
  inFlight,
  type Leases,
  leaseEpochMs,
  noLeases,
  releaseLease,
  rotateLeases,
  takeLease,
} from './in-flight-leases.ts';
import { type AdaptiveLimit, bounded, followLatency, type LimitAlgorithm, SMALLEST_RATIO } from './limit-feedback.ts';
import { instantShare, steadyShare } from './load-pressure.ts';
import { LOWEST_POSITION } from './priority-position.ts';

/** What the load of a service, or of its part in one shard, is measured by. */
export interface ServiceLoad {
  readonly algorithm: LimitAlgorithm;
  /** Bounds and start of the adaptive limit, in requests in flight; may be fractions. */
  readonly min: number;
  readonly max: number;
  readonly initial: number;
  /** Time after which a request in flight is taken for lost. */
  readonly leaseMs: number;
  /** Most requests parked at a time. */
  readonly parkedMax: number;
}

/** What is kept of a service's load. */
export interface LoadState extends AdaptiveLimit {
  /** When it was kept; never moves back but with the leases. */
  readonly atMs: number;
  /** Share of the scale of priorities that is shed steadily. */
  readonly share: number;
  readonly leases: Leases;
  readonly parked: number;
}

/** What the controller says to all. */
export interface LoadControls {
  /** Overload that others measured, 0 to 1. */
  readonly overload: number;
  /** Position above which everything is shed. */
  readonly floor: number;
}

/** What holds until the controller has said something. */
export const NO_CONTROLS: LoadControls = { overload: 0, floor: LOWEST_POSITION };

/** One request that asks for a place. */
export interface LoadRequest {
  /** Place on the scale of priorities, as of `priorityPosition`. */
  readonly position: number;
  /** Whether it is to be parked rather than shed. */
  readonly parkable: boolean;
  /** Whether it is among the parked; then it is not parkable. */
  readonly readmitted: boolean;
}

/** The load as a request finds it. */
export interface LoadFigures {
  /** 0 (none) to 1 (nothing is served): the larger of what was measured here and what the controller says. */
  readonly overload: number;
  /** Requests in flight, this one not included. */
  readonly inFlight: number;
  readonly limit: number;
  readonly parked: number;
}

export interface LoadDecision {
  readonly outcome: 'admitted' | 'shed' | 'parked';
  readonly figures: LoadFigures;
  /** Names the lease of an admitted request. */
  readonly leaseEpoch: number;
  /** What to keep if nothing else refuses the request; when it is shed, what was kept before. */
  readonly state: LoadState | undefined;
}

/** How a request ended: with a sample of the load, or without. */
export interface LoadEnding {
  /** `unserved`: a parked request whose time ran out; it holds no lease. */
  readonly kind: 'success' | 'ignored' | 'dropped' | 'unserved';
  readonly latencyRatio: number;
  readonly leaseEpoch: number;
}

/** Shortest lease, in ms: Lambda's shortest time-out. */
const LEASE_MIN_MS = 1_000;
/** Highest limit: with the places beyond it, a count still fits into 16 bits. */
const LIMIT_MAX = 50_000;
const PARKED_LIMIT = 4_294_967_295;

/** @throws RangeError for bounds that are no numbers of at least 1 in order, a lease below 1 s, or a `parkedMax` that is no whole number. */
export function createServiceLoad(load: ServiceLoad): ServiceLoad {
  const { min, initial, max, leaseMs, parkedMax } = load;
  if (!(min >= 1 && max >= min && max <= LIMIT_MAX)) {
    throw new RangeError(`min and max of the limit must be in order between 1 and ${LIMIT_MAX}, got ${min} and ${max}`);
  }
  if (!(initial >= min && initial <= max)) {
    throw new RangeError(`initial must be between min ${min} and max ${max}, got ${initial}`);
  }
  if (!(Number.isSafeInteger(leaseMs) && leaseMs >= LEASE_MIN_MS)) {
    throw new RangeError(`leaseMs must be a whole number of at least ${LEASE_MIN_MS}, got ${leaseMs}`);
  }
  if (!(Number.isSafeInteger(parkedMax) && parkedMax >= 0 && parkedMax <= PARKED_LIMIT)) {
    throw new RangeError(`parkedMax must be a whole number from 0 to ${PARKED_LIMIT}, got ${parkedMax}`);
  }
  return load;
}

/** Admits, sheds or parks one request. Changes nothing by itself: `state` is to be kept if nothing else refuses it. */
export function decideLoad(
  load: ServiceLoad,
  state: LoadState | undefined,
  nowMs: number,
  { position, parkable, readmitted }: LoadRequest,
  controls: LoadControls = NO_CONTROLS,
): LoadDecision {
  const current = advance(load, state, nowMs);
  const running = inFlight(current.leases);
  let share = instantShare(running, current.limit);
  if (current.share > share) share = current.share;
  const told = shedShare(controls.overload);
  if (told > share) share = told;
  const figures = { overload: overloadOf(share), inFlight: running, limit: current.limit, parked: current.parked };
  const leaseEpoch = current.leases.epoch;
  // A position is never 0, so a share of 1 admits nobody.
  if (position <= LOWEST_POSITION * (1 - share) && position <= controls.floor) {
    const parked = readmitted && current.parked > 0 ? current.parked - 1 : current.parked;
    return {
      outcome: 'admitted',
      figures,
      leaseEpoch,
      state: { ...current, parked, leases: takeLease(current.leases) },
    };
  }
  if (parkable && current.parked < load.parkedMax) {
    return { outcome: 'parked', figures, leaseEpoch, state: { ...current, parked: current.parked + 1 } };
  }
  return { outcome: 'shed', figures, leaseEpoch, state };
}

/** The state after a request has ended. What is not known any more needs no settling. */
export function settleLoad(
  load: ServiceLoad,
  state: LoadState | undefined,
  nowMs: number,
  { kind, latencyRatio, leaseEpoch }: LoadEnding,
): LoadState | undefined {
  if (state === undefined) return undefined;
  const current = advance(load, state, nowMs);
  if (kind === 'unserved') return { ...current, parked: current.parked > 0 ? current.parked - 1 : 0 };
  const leases = releaseLease(current.leases, leaseEpoch);
  if (kind === 'ignored') return { ...current, leases };
  const sample = { latencyRatio, isDropped: kind === 'dropped' };
  return { ...current, ...followLatency(current, load, sample, inFlight(current.leases)), leases };
}

/** The state at `nowMs`: leases that ran out are gone, and the steady share has moved on. */
function advance(load: ServiceLoad, state: LoadState | undefined, nowMs: number): LoadState {
  const epochMs = leaseEpochMs(load.leaseMs);
  if (state === undefined) {
    const { initial: limit } = load;
    const leases = noLeases(nowMs, epochMs);
    return { limit, short: SMALLEST_RATIO, long: SMALLEST_RATIO, atMs: nowMs, share: 0, leases, parked: 0 };
  }
  const leases = rotateLeases(state.leases, nowMs, epochMs);
  // Another version of the service may have other bounds.
  const limit = bounded(state.limit, load.min, load.max);
  const elapsedMs = nowMs > state.atMs ? nowMs - state.atMs : 0;
  const share = steadyShare(state.share, inFlight(leases), limit, elapsedMs);
  // A clock set back by more than the leases last begins anew with them.
  const atMs = nowMs > state.atMs || leases.epoch < state.leases.epoch ? nowMs : state.atMs;
  return { ...state, atMs, share, limit, leases };
}
