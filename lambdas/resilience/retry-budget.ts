/**
 * Bounds what retries and hedges add to the load: each call earns a part of an extra attempt, and each extra attempt
 * spends a whole one. While a dependency is down nearly every call fails, and without a budget each would become three.
 */
export interface RetryBudget {
  /** Calls that pay for one extra attempt: 10 for 10 % extra load. */
  readonly callsPerExtra: number;
  /** Extra attempts that may be made before any call has paid. */
  readonly reserve: number;
  /** Most extra attempts that can be saved up, so that a good hour does not pay for a storm. */
  readonly savedMax: number;
}

/** In calls: whole numbers, so that nothing is lost to rounding. */
export type RetryBalance = number;

/** 10 % extra load, as in the SRE book, "Handling Overload". */
export const TEN_PERCENT: RetryBudget = { callsPerExtra: 10, reserve: 1, savedMax: 10 };

export function initialBalance({ callsPerExtra, reserve }: RetryBudget): RetryBalance {
  return reserve * callsPerExtra;
}

/** The balance after a call, whose first attempt is what it was made for. */
export function earn({ callsPerExtra, savedMax }: RetryBudget, balance: RetryBalance): RetryBalance {
  return Math.min(savedMax * callsPerExtra, balance + 1);
}

/** The balance after an extra attempt, or undefined if there is nothing left to pay for it. */
export function spend({ callsPerExtra }: RetryBudget, balance: RetryBalance): RetryBalance | undefined {
  return balance >= callsPerExtra ? balance - callsPerExtra : undefined;
}
