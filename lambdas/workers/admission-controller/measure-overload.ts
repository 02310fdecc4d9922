import type { ControllerState } from '../../adapters/controls/controls-store.ts';
import type { MetricReader } from '../../adapters/controls/metric-reader.ts';
import type { ServiceLogger } from '../../adapters/logger.ts';
import { type MeasuredLoad, measureLoad, nextOverload } from '../../resilience/load-signals.ts';
import type { PlannedSignal } from './signal-readings.ts';

export interface MeasureOverloadDependencies {
  readonly signals: readonly PlannedSignal[];
  readonly metrics: MetricReader;
  readonly logger: ServiceLogger;
  readonly count: (metric: 'SignalsUnavailable') => void;
}

/** What was told before. */
export interface KnownOverload {
  readonly state: Pick<ControllerState, 'atMs' | 'measuredAtMs' | 'overload'> | undefined;
  readonly causes: readonly string[];
  readonly nowMs: number;
}

export interface CurrentOverload extends MeasuredLoad {
  readonly measuredAtMs: number;
}

/** What was measured last is taken to hold for so long while CloudWatch does not answer; then it falls. */
const BLIND_MS = 300_000;

/** Overload by what CloudWatch shows now. While it shows nothing, that of before holds for a while and then falls. */
export async function measureOverload(
  { signals, metrics, logger, count }: MeasureOverloadDependencies,
  { state, causes, nowMs }: KnownOverload,
): Promise<CurrentOverload> {
  const previous = state?.overload ?? 0;
  const elapsedMs = nowMs - (state?.atMs ?? nowMs);
  if (signals.length === 0) return { overload: nextOverload(previous, 0, elapsedMs), causes: [], measuredAtMs: nowMs };
  try {
    const values = await metrics.read(signals.flatMap(({ queries }) => queries));
    const load = measureLoad(
      signals.flatMap(({ queries, readings }) => readings((index) => values.get(queries[index]?.id ?? ''))),
    );
    return { overload: nextOverload(previous, load.overload, elapsedMs), causes: load.causes, measuredAtMs: nowMs };
  } catch (error) {
    count('SignalsUnavailable');
    logger.error('CloudWatch cannot be asked for signals; what it showed last holds for a while', {
      error: error as Error,
    });
    const measuredAtMs = state?.measuredAtMs ?? nowMs;
    const isBlind = nowMs - measuredAtMs > BLIND_MS;
    const overload = isBlind ? nextOverload(previous, 0, elapsedMs) : previous;
    return { overload, causes: overload > 0 ? causes : [], measuredAtMs };
  }
}
