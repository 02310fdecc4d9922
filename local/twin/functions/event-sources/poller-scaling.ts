/**
 * How many batches of a queue Lambda works on at once. State in, state out, time as an argument; source: Lambda developer
 * guide, "Configuring scaling behavior for SQS event source mappings" and "Backoff strategy for failed invocations".
 */

export interface ScalingLimits {
  /** Batches at once as soon as there are messages, and again when there are few. */
  readonly start: number;
  readonly max: number;
  readonly growthPerMinute: number;
}

export interface Scaling {
  readonly concurrency: number;
  /** Since when all batches that may be in flight have been, less what was granted for it. */
  readonly busySinceMs: number | undefined;
}

/** "Lambda starts processing five batches at a time" and grows "by up to 300 more instances per minute", to 1,250. */
const STANDARD = { start: 5, max: 1_250, growthPerMinute: 300 };
/** A provisioned poller handles ten invocations at once; their number grows by up to 1,000 invocations a minute. */
const INVOCATIONS_PER_POLLER = 10;
const PROVISIONED_GROWTH_PER_MINUTE = 1_000;

/** What a mapping may grow to. `cap` bounds it below AWS's own limits. */
export function scalingLimits(
  provisioned: { readonly minPollers: number; readonly maxPollers: number } | undefined,
  maxConcurrency: number,
  cap: number,
): ScalingLimits {
  const own = provisioned
    ? {
        start: provisioned.minPollers * INVOCATIONS_PER_POLLER,
        max: provisioned.maxPollers * INVOCATIONS_PER_POLLER,
        growthPerMinute: PROVISIONED_GROWTH_PER_MINUTE,
      }
    : STANDARD;
  const max = Math.min(own.max, maxConcurrency, cap);
  return { ...own, start: Math.min(own.start, max), max };
}

/** How a mapping begins. */
export function startScaling({ start }: ScalingLimits): Scaling {
  return { concurrency: start, busySinceMs: undefined };
}

/** Grows while `busy` batches, all that may be, are in flight: then more messages may wait. */
export function grow(scaling: Scaling, limits: ScalingLimits, busy: number, nowMs: number): Scaling {
  const { concurrency, busySinceMs = nowMs } = scaling;
  if (busy < concurrency) return { concurrency, busySinceMs: undefined };
  const growth = Math.floor(((nowMs - busySinceMs) * limits.growthPerMinute) / MINUTE_MS);
  if (growth < 1) return { concurrency, busySinceMs };
  return {
    concurrency: Math.min(limits.max, concurrency + growth),
    busySinceMs: busySinceMs + (growth * MINUTE_MS) / limits.growthPerMinute,
  };
}

/** A poll found nothing: step by step to where it started, down after a rush and up after failures. */
export function relax({ concurrency }: Scaling, { start }: ScalingLimits): Scaling {
  return { concurrency: concurrency + Math.sign(start - concurrency), busySinceMs: undefined };
}

/** An invocation failed or was throttled: "Lambda gradually backs off, reducing the amount of concurrency allocated". */
export function backOff({ concurrency }: Scaling): Scaling {
  return { concurrency: Math.max(1, concurrency - 1), busySinceMs: undefined };
}

/** When `grow` grants the next batch, in ms. */
export function growthIntervalMs({ growthPerMinute }: ScalingLimits): number {
  return MINUTE_MS / growthPerMinute;
}

const MINUTE_MS = 60_000;
