import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { systemClock } from '../../adapters/clock.ts';
import { createBreakerReader } from '../../adapters/controls/breaker-reader.ts';
import { createControlsStore } from '../../adapters/controls/controls-store.ts';
import { createLeversParameter, createSsmClient } from '../../adapters/controls/levers-parameter.ts';
import { createCloudWatchClient, createMetricReader } from '../../adapters/controls/metric-reader.ts';
import { createLogger } from '../../adapters/logger.ts';
import { parseVariable, readVariable } from '../../adapters/read-environment.ts';
import { createEnvironmentStore } from '../../adapters/valkey/environment-store.ts';
import { ControllerSpecJson } from '../../contract/controller-spec.ts';
import { Env } from '../../contract/environment.ts';
import { planSignals } from './signal-readings.ts';
import { updateControls } from './update-controls.ts';

/** A run a minute may wait for the store: nobody waits for the run. */
const STORE_TIMEOUT_MS = 2_000;

const { env } = process;
const spec = parseVariable(env, Env.CONTROLLER, ControllerSpecJson);
// By the function's name, which two stages of an account do not share.
const serviceName = env.AWS_LAMBDA_FUNCTION_NAME ?? 'admission-controller';
const metrics = new Metrics({ namespace: 'Spillway', serviceName });
const logger = createLogger(serviceName);
const store = createEnvironmentStore(env, {
  clock: systemClock,
  connectTimeoutMs: STORE_TIMEOUT_MS,
  commandTimeoutMs: STORE_TIMEOUT_MS,
});
const dependencies = {
  spec,
  signals: planSignals(spec.signals),
  parameter: createLeversParameter(createSsmClient(), readVariable(env, Env.LEVERS_PARAMETER)),
  metrics: createMetricReader(createCloudWatchClient(), systemClock),
  breakers: createBreakerReader(store, spec.shards),
  store: createControlsStore(store, spec.shards),
  clock: systemClock,
  logger,
  count: (metric: string) => metrics.addMetric(metric, MetricUnit.Count, 1),
};

/** Runs by the minute, when the levers change, and when an alarm does; whatever the event says, it looks at everything. */
export const handler = async (): Promise<void> => {
  try {
    const { version, overload, causes } = await updateControls(dependencies);
    metrics.addMetric('ControllerOverload', MetricUnit.NoUnit, overload);
    logger.info('controls told', { version, overload, causes });
  } finally {
    if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  }
};
