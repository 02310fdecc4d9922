/** How many messages may come back before a redrive stops itself. */
export interface FailureBounds {
  /** Fewer than this say nothing. */
  readonly minReturned: number;
  /** Share of what was sent, above 0 up to 1. */
  readonly ratio: number;
}

export const FAILURE_BOUNDS_DEFAULT: FailureBounds = { minReturned: 5, ratio: 0.1 };

/** Whether so much of what was sent has failed again that the cause is evidently not mended. */
export function isFailingAgain({ minReturned, ratio }: FailureBounds, sent: number, returned: number): boolean {
  return returned >= minReturned && returned >= ratio * sent;
}
