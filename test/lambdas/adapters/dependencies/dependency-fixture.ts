import type { BreakerReport, ClaimedBreakerView } from '../../../../lambdas/adapters/dependencies/breaker-store.ts';
import { createDependencyCalls } from '../../../../lambdas/adapters/dependencies/call-dependency.ts';
import type { DependencyCall } from '../../../../lambdas/adapters/dependencies/call-policy.ts';
import type { BulkheadOptions } from '../../../../lambdas/adapters/dependencies/dependency-state.ts';
import type { DependencySpec } from '../../../../lambdas/contract/admission-spec.ts';
import { ManualTimers } from '../../../support/manual-timers.ts';

export const SPEC: DependencySpec = {
  failureRatio: 0.5,
  slowRatio: 1,
  slowAfterMs: 150,
  window: 4,
  minimumCalls: 2,
  openMs: 1_000,
  halfOpenCalls: 2,
  timeoutMs: 200,
  attempts: 3,
};

export const CLOSED: ClaimedBreakerView = {
  name: 'db',
  state: 'closed',
  isProbe: false,
  isWatched: false,
  retryMs: 0,
  claimMs: 0,
};
export const PROBE: ClaimedBreakerView = { ...CLOSED, state: 'half-open', isWatched: true, isProbe: true, claimMs: 77 };

interface FixtureOptions {
  readonly spec?: Partial<DependencySpec>;
  readonly random?: () => number;
  readonly bulkhead?: BulkheadOptions;
}

/** A dependency `db` whose calls take and answer what a test says, on a clock that the test moves. */
export function createDependencyFixture({ spec, random = () => 0.5, ...others }: FixtureOptions = {}) {
  const timers = new ManualTimers();
  const { clock, setTimer } = timers;
  const dependencies = { db: { ...SPEC, ...spec } };
  const calls = createDependencyCalls({ dependencies, clock, random, setTimer, ...others });
  const startMs = clock.now();
  const begun: { readonly atMs: number; readonly attempt: number; readonly signal: AbortSignal }[] = [];
  const reports: Pick<BreakerReport, 'outcomes' | 'claimMs'>[] = [];

  return {
    timers,
    calls,
    /** Every attempt, with its time since the start. */
    begun,
    reports,
    /** @param deadlineMs from now. */
    request(views: readonly ClaimedBreakerView[] = [CLOSED], deadlineMs = 10_000) {
      return calls.forRequest({
        views,
        deadlineMs: clock.now() + deadlineMs,
        record: (all) => void reports.push(...all.map(({ outcomes, claimMs }) => ({ outcomes, claimMs }))),
      });
    },
    /** A call of which each attempt in turn takes so long and then answers or fails; the last goes for all that follow. */
    script(...attempts: readonly (readonly [takesMs: number, result: unknown])[]): DependencyCall<unknown> {
      return ({ attempt, signal }) => {
        begun.push({ atMs: clock.now() - startMs, attempt, signal });
        const [takesMs, result] = attempts[Math.min(attempt, attempts.length) - 1] ?? [0, undefined];
        return new Promise((resolve, reject) => {
          setTimer(takesMs, () => (result instanceof Error ? reject(result) : resolve(result)));
        });
      };
    },
    /** How it ends: its value, or its error's code and status, and when. */
    async outcome(promise: Promise<unknown>) {
      let ended: unknown;
      promise.then(
        (value) => (ended = { value, atMs: clock.now() - startMs }),
        (error) => (ended = { error, code: error.code, status: error.statusCode, atMs: clock.now() - startMs }),
      );
      await timers.settle();
      for (let step = 0; ended === undefined && step < 4_000; step += 1) await timers.advance(10);
      return ended as { value?: unknown; error?: Error; code?: string; status?: number; atMs: number };
    },
  };
}
