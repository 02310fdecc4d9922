import { assertUnits, assertWindow, type Limit, type Limiter, type LimitVerdict } from './limit.ts';

export type SlidingLog = Extract<Limit, { algorithm: 'sliding-log' }>;

export interface SlidingLogEntry {
  readonly atMs: number;
  /** Units taken up to this entry, this one included, since the log was begun. */
  readonly total: number;
}

/** Running totals instead of costs: what a window holds is the difference of two of them. */
export interface SlidingLogState {
  /** Total before the first entry. */
  readonly base: number;
  /** Of ascending times; what was taken in the same millisecond is one entry. */
  readonly entries: readonly SlidingLogEntry[];
}

/** What a decision needs to know of a log. */
export interface SlidingLogView {
  /** Units in the window. */
  readonly used: number;
  /** Time of the newest entry in the window; 0 if there is none. */
  readonly newestMs: number;
  /** Time of the entry that must leave the window before the cost fits; 0 if it fits or never does. */
  readonly blockingMs: number;
}

/** Each admitted request is an entry in the store: more than so many belong into a counter. */
export const LOG_MAX = 1_000;

/** @throws RangeError for a maximum that is not a whole number of 1 to 1,000, or a window that is out of bounds. */
export function createSlidingLog(max: number, windowMs: number): SlidingLog {
  assertUnits('max', max, LOG_MAX);
  assertWindow(windowMs);
  return { algorithm: 'sliding-log', max, windowMs };
}

/**
 * Sliding window log, as in SEMANTICS: drop entries `≤ t − W`; admit iff `count + c ≤ L`; a denied request is not
 * logged.
 */
export const slidingLog: Limiter<SlidingLog, SlidingLogState> = {
  advance({ windowMs }, state, nowMs) {
    if (state === undefined) return { base: 0, entries: [] };
    const kept = state.entries.findIndex(({ atMs }) => atMs > nowMs - windowMs);
    if (kept === 0) return state;
    const dropped = state.entries.at(kept === -1 ? -1 : kept - 1);
    return { base: dropped?.total ?? state.base, entries: kept === -1 ? [] : state.entries.slice(kept) };
  },

  admits: ({ max }, state, _nowMs, cost) => usedUnits(state) + cost <= max,

  take: (_limit, state, nowMs, cost) => (cost === 0 ? state : append(state, nowMs, cost)),

  inspect: (limit, state, nowMs, cost) => logVerdict(limit, viewLog(limit, state, nowMs, cost), nowMs, cost),

  markOf: (_limit, { entries }) => entries.at(-1)?.atMs ?? 0,

  settle(limit, state, nowMs, amount, mark) {
    const held = slidingLog.advance(limit, state, nowMs);
    // A charge beyond the maximum blocks no longer than the maximum does.
    if (amount >= 0) return amount === 0 ? held : append(held, nowMs, Math.min(limit.max, amount));
    const index = held.entries.findIndex(({ atMs }) => atMs === mark);
    if (index === -1) return state ?? held;
    const own = totalAt(held, index) - totalAt(held, index - 1);
    const given = Math.min(-amount, own);
    return {
      base: held.base,
      entries: held.entries.map(({ atMs, total }, at) => ({ atMs, total: at < index ? total : total - given })),
    };
  },
};

/** What there is to know of a log at `nowMs` for a request of `cost`. */
export function viewLog(
  limit: SlidingLog,
  state: SlidingLogState | undefined,
  nowMs: number,
  cost: number,
): SlidingLogView {
  const held = slidingLog.advance(limit, state, nowMs);
  const used = usedUnits(held);
  const excess = used + cost - limit.max;
  const blocking =
    excess > 0 && cost <= limit.max ? held.entries.find(({ total }) => total - held.base >= excess) : undefined;
  return { used, newestMs: held.entries.at(-1)?.atMs ?? 0, blockingMs: blocking?.atMs ?? 0 };
}

/** The verdict on a request of `cost`, whose log looks like this at `nowMs`. */
export function logVerdict(
  { max, windowMs }: SlidingLog,
  view: SlidingLogView,
  nowMs: number,
  cost: number,
): LimitVerdict {
  const allowed = view.used + cost <= max;
  return {
    allowed,
    remaining: Math.max(0, max - view.used),
    waitMs: allowed ? 0 : cost > max ? Number.POSITIVE_INFINITY : view.blockingMs + windowMs - nowMs,
    resetMs: view.newestMs === 0 ? 0 : view.newestMs + windowMs - nowMs,
  };
}

function usedUnits(state: SlidingLogState): number {
  return totalAt(state, state.entries.length - 1) - state.base;
}

function totalAt({ base, entries }: SlidingLogState, index: number): number {
  return entries[index]?.total ?? base;
}

/** With a clock that went backwards the time of the newest entry counts, so that times keep ascending. */
function append({ base, entries }: SlidingLogState, nowMs: number, cost: number): SlidingLogState {
  const newest = entries.at(-1);
  const total = (newest?.total ?? base) + cost;
  if (newest !== undefined && newest.atMs >= nowMs) {
    return { base, entries: [...entries.slice(0, -1), { atMs: newest.atMs, total }] };
  }
  return { base, entries: [...entries, { atMs: nowMs, total }] };
}
