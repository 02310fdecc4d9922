/** Calls of constant rate. */
export interface OfferedCalls<T> {
  readonly ratePerSecond: number;
  readonly call: (index: number) => Promise<T>;
  /** Longest time; the bound of the load. */
  readonly durationMs: number;
  /** Asked every ms: whether there has been enough before that time. @default - never */
  readonly isEnough?: () => boolean;
}

/** Calls at a constant rate whether or not earlier calls have ended (an open loop), and resolves when all have. */
export async function offerCalls<T>({ ratePerSecond, durationMs, call, isEnough }: OfferedCalls<T>): Promise<T[]> {
  const total = Math.floor((ratePerSecond * durationMs) / 1_000);
  const startedAt = performance.now();
  const pending: Promise<T>[] = [];
  await new Promise<void>((resolve) => {
    const tick = () => {
      const due = Math.min(total, Math.floor(((performance.now() - startedAt) * ratePerSecond) / 1_000) + 1);
      while (pending.length < due) pending.push(call(pending.length));
      if (pending.length < total && !isEnough?.()) setTimeout(tick, 1);
      else resolve();
    };
    tick();
  });
  return Promise.all(pending);
}
