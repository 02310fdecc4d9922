import { createRequire } from 'node:module';
import { join } from 'node:path';
import { CountBreaker, circuitBreaker, handleAll } from 'cockatiel';
import type { ClaimedBreakerView } from '../lambdas/adapters/dependencies/breaker-store.ts';
import { createDependencyCalls } from '../lambdas/adapters/dependencies/call-dependency.ts';
import { InProcessBreaker } from '../lambdas/adapters/dependencies/in-process-breaker.ts';
import { systemTimer } from '../lambdas/adapters/dependencies/set-timer.ts';
import { createCircuitBreaker } from '../lambdas/resilience/circuit-breaker.ts';
import { alternate, type Ratio } from './alternate.ts';
import { installPeer } from './peers/install.ts';
import { checkBound, printRatios } from './report.ts';

type Opossum = new (call: () => Promise<number>, options: object) => { fire(): Promise<number> };

const DEPENDENCY = {
  failureRatio: 0.5,
  slowRatio: 1,
  slowAfterMs: 60_000,
  window: 100,
  minimumCalls: 100,
  openMs: 60_000,
  halfOpenCalls: 10,
  timeoutMs: 2_000,
  attempts: 3,
};
const CLOSED: ClaimedBreakerView = {
  ...{ name: 'db', state: 'closed', isProbe: false, isWatched: false },
  ...{ retryMs: 0, claimMs: 0 },
};

/** A call through a closed breaker in this process, against opossum and cockatiel. */
export async function benchBreaker(): Promise<void> {
  const modules = installPeer('resilience');
  const CircuitBreaker = createRequire(join(modules, 'x.js'))('opossum') as Opossum;
  const call = async () => 1;
  const clock = { now: () => Date.now() };

  // Neither looks for slow calls, so ours does not either; opossum's own time-out is off.
  const opossum = new CircuitBreaker(call, { timeout: false, errorThresholdPercentage: 50, volumeThreshold: 100 });
  const cockatiel = circuitBreaker(handleAll, {
    halfOpenAfter: 60_000,
    breaker: new CountBreaker({ threshold: 0.5, size: 100 }),
  });
  const ours = new InProcessBreaker(createCircuitBreaker({ slowAfterMs: Number.POSITIVE_INFINITY }), clock);
  const timed = new InProcessBreaker(createCircuitBreaker(), clock);
  const calls = createDependencyCalls({
    dependencies: { db: DEPENDENCY },
    clock,
    random: Math.random,
    setTimer: systemTimer,
  });
  const request = calls.forRequest({ views: [CLOSED], deadlineMs: Date.now() + 1e9, record: () => {} });

  const ratios = await alternate(
    [
      contestant('cockatiel', () => cockatiel.execute(call)),
      contestant('opossum', () => opossum.fire()),
      contestant('ours', () => ours.execute(call)),
      contestant('ours, slow calls as well', () => timed.execute(call)),
      contestant('ours, with deadline, time-out and bulkhead', () => request.call('db', call)),
    ],
    { rounds: 21, times: 50_000 },
  );
  printRatios('A call through a closed breaker', ratios);
  const [fastest = 1, own = Number.NaN] = [Math.min(...medians(ratios.slice(0, 2))), ratios[2]?.median];
  checkBound({ what: 'time of a call / the faster of cockatiel and opossum', measured: own / fastest, atMost: 0.6 });
}

function contestant(name: string, once: () => Promise<unknown>) {
  return {
    name,
    run: async (times: number) => {
      for (let left = times; left > 0; left -= 1) await once();
    },
  };
}

function medians(ratios: readonly Ratio[]): readonly number[] {
  return ratios.map(({ median }) => median);
}
