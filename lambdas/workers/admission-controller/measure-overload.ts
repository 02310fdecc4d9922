import type { BreakerReader } from '../../adapters/controls/breaker-reader.ts';
import type { ControllerState } from '../../adapters/controls/controls-store.ts';
import type { MetricReader } from '../../adapters/controls/metric-reader.ts';
import type { ServiceLogger } from '../../adapters/logger.ts';
import type { Levers } from '../../contract/controls.ts';
import { type LoadReading, type MeasuredLoad, measureLoad, nextOverload } from '../../resilience/load-signals.ts';
import type { PlannedSignal } from './signal-readings.ts';

export interface MeasureOverloadDependencies {
  readonly signals: readonly PlannedSignal[];
  readonly metrics: MetricReader;
  readonly breakers: BreakerReader;
  readonly logger: ServiceLogger;
  readonly count: (metric: 'SignalsUnavailable') => void;
}

/** What was told before. */
export interface KnownOverload {
  readonly state: Pick<ControllerState, 'atMs' | 'measuredAtMs' | 'overload'> | undefined;
  readonly causes: readonly string[];
  /** Breakers that go by a lever: what they have measured before is nobody's load any more. */
  readonly forced: Levers['breakers'];
  readonly nowMs: number;
}

export interface CurrentOverload extends MeasuredLoad {
  readonly measuredAtMs: number;
}

/** What was measured last is taken to hold for so long while CloudWatch does not answer; then it falls. */
const BLIND_MS = 300_000;

/**
 * Overload by what breakers and CloudWatch show now. While CloudWatch shows nothing, that of before holds for a while and
 * then falls. Rejects with `StoreError` while the store is gone.
 */
export async function measureOverload(
  { signals, metrics, breakers, logger, count }: MeasureOverloadDependencies,
  { state, causes, forced, nowMs }: KnownOverload,
): Promise<CurrentOverload> {
  const previous = state?.overload ?? 0;
  const elapsedMs = nowMs - (state?.atMs ?? nowMs);
  const ofBreakers = await readBreakers(signals, breakers, forced ?? {});
  try {
    const load = measureLoad([...(await readMetrics(signals, metrics)), ...ofBreakers]);
    return { overload: nextOverload(previous, load.overload, elapsedMs), causes: load.causes, measuredAtMs: nowMs };
  } catch (error) {
    count('SignalsUnavailable');
    logger.error('CloudWatch cannot be asked for signals; what it showed last holds for a while', {
      error: error as Error,
    });
    const load = measureLoad(ofBreakers);
    const measuredAtMs = state?.measuredAtMs ?? nowMs;
    const held = nowMs - measuredAtMs > BLIND_MS ? nextOverload(previous, 0, elapsedMs) : previous;
    const overload = Math.max(held, load.overload);
    return { overload, causes: overload > 0 ? [...new Set([...load.causes, ...causes])] : [], measuredAtMs };
  }
}

async function readMetrics(signals: readonly PlannedSignal[], metrics: MetricReader): Promise<LoadReading[]> {
  const queries = signals.flatMap((signal) => signal.queries);
  if (queries.length === 0) return [];
  const values = await metrics.read(queries);
  return signals.flatMap((signal) => signal.readings((index) => values.get(signal.queries[index]?.id ?? ''), []));
}

async function readBreakers(
  signals: readonly PlannedSignal[],
  breakers: BreakerReader,
  forced: NonNullable<Levers['breakers']>,
): Promise<LoadReading[]> {
  const measured = signals.flatMap(({ breaker, readings }) =>
    breaker === undefined || Object.hasOwn(forced, breaker.dependency) ? [] : [{ breaker, readings }],
  );
  const byService = Map.groupBy(measured, ({ breaker }) => breaker.service);
  const states = await breakers.read(
    Object.fromEntries(
      [...byService].map(([service, some]) => [service, some.map(({ breaker }) => breaker.dependency)]),
    ),
  );
  return measured.flatMap(({ breaker: { service, dependency }, readings }) => {
    const state = states.find((other) => other.service === service && other.dependency === dependency);
    return readings(() => undefined, state?.shards ?? []);
  });
}
