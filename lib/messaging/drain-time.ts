/** How fast a worker works. */
export interface WorkerPace {
  /** Batches worked on at a time. */
  readonly concurrency: number;
  /** Items of a batch worked on at a time. */
  readonly itemsAtATime: number;
  /** Seconds that one item takes. */
  readonly itemSeconds: number;
}

/** Items that are done in a second: concurrency × items at a time / seconds per item. */
export function throughput({ concurrency, itemsAtATime, itemSeconds }: WorkerPace): number {
  return (concurrency * itemsAtATime) / itemSeconds;
}

/**
 * Seconds until a backlog is gone while more arrives: backlog / (throughput − arrivals). The work is taken to be there for
 * every pair of hands; the last batches, and FIFO groups fewer than there is concurrency, take longer.
 * @returns `Infinity` where as much arrives as is done, or more: it is never gone
 */
export function drainSeconds(backlog: number, arrivalRatePerSecond: number, pace: WorkerPace): number {
  const surplus = throughput(pace) - arrivalRatePerSecond;
  return surplus > 0 ? backlog / surplus : Number.POSITIVE_INFINITY;
}
