import { fullRate, type RequestRate, takeRequest } from './request-rate.ts';

/** Concurrency of an account and what its functions reserve of it. */
export interface ConcurrencyLimits {
  /** Concurrent invocations of all functions together; AWS starts with 1,000. */
  readonly account: number;
  /** Function → what it reserves, and may not exceed. */
  readonly reserved: ReadonlyMap<string, number>;
}

/** Why an invocation is throttled, as Lambda names it. */
export type ConcurrencyRefusal =
  | 'ReservedFunctionConcurrentInvocationLimitExceeded'
  | 'ReservedFunctionInvocationRateLimitExceeded'
  | 'ConcurrentInvocationLimitExceeded'
  | 'FunctionInvocationRateLimitExceeded';

interface Pool {
  inUse: number;
  rate: RequestRate | undefined;
}

/** What is in use: one pool per function that reserves, and one for all others. */
export interface ConcurrencyState {
  readonly reserved: Map<string, Pool>;
  readonly unreserved: Pool;
}

/** Returned on admission, and given back at the end of the invocation. */
export type Admission = Pool;

/** Lambda serves at most this many requests a second per unit of concurrency, however short they are. */
const REQUESTS_PER_SECOND_AND_CONCURRENCY = 10;
/** Concurrency that AWS keeps for the functions that reserve none; it refuses reservations beyond. */
export const UNRESERVED_MIN = 100;

/** Checks limits. Throws RangeError unless every number is a whole one of at least 0. */
export function concurrencyLimits(account: number, reserved: ReadonlyMap<string, number>): ConcurrencyLimits {
  for (const [what, concurrency] of [['the account', account] as const, ...reserved]) {
    if (Number.isInteger(concurrency) && concurrency >= 0) continue;
    throw new RangeError(`concurrency of ${what} must be a whole number of at least 0, got ${concurrency}`);
  }
  return { account, reserved };
}

export function createConcurrencyState(): ConcurrencyState {
  return { reserved: new Map(), unreserved: { inUse: 0, rate: undefined } };
}

/** What functions without a reservation share: the account's concurrency less all that is reserved. */
export function unreservedConcurrency({ account, reserved }: ConcurrencyLimits): number {
  let sum = 0;
  for (const concurrency of reserved.values()) sum += concurrency;
  return Math.max(0, account - sum);
}

/**
 * Admits one invocation, or says why not: a function that reserves has its own concurrency and nothing else, all others
 * share what is left, and each pool takes ten requests a second per unit of concurrency (developer guide, "Understanding
 * Lambda function scaling"). `state` is changed in place: this runs for every invocation.
 */
export function admit(
  state: ConcurrencyState,
  limits: ConcurrencyLimits,
  functionName: string,
  nowMs: number,
): Admission | ConcurrencyRefusal {
  const reserved = limits.reserved.get(functionName);
  const isReserved = reserved !== undefined;
  const concurrency = reserved ?? unreservedConcurrency(limits);
  const pool = isReserved ? reservedPool(state, functionName) : state.unreserved;
  if (pool.inUse >= concurrency) {
    return isReserved ? 'ReservedFunctionConcurrentInvocationLimitExceeded' : 'ConcurrentInvocationLimitExceeded';
  }
  const perSecond = concurrency * REQUESTS_PER_SECOND_AND_CONCURRENCY;
  pool.rate ??= fullRate(perSecond, nowMs);
  if (!takeRequest(pool.rate, perSecond, nowMs)) {
    return isReserved ? 'ReservedFunctionInvocationRateLimitExceeded' : 'FunctionInvocationRateLimitExceeded';
  }
  pool.inUse += 1;
  return pool;
}

/** Gives back what `admit` returned. */
export function release(admission: Admission): void {
  admission.inUse -= 1;
}

function reservedPool({ reserved }: ConcurrencyState, functionName: string): Pool {
  const known = reserved.get(functionName);
  if (known) return known;
  const pool: Pool = { inUse: 0, rate: undefined };
  reserved.set(functionName, pool);
  return pool;
}
