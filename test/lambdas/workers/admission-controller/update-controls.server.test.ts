import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../lambdas/adapters/clock.ts';
import { createBreakerReader } from '../../../../lambdas/adapters/controls/breaker-reader.ts';
import { controlsKeys } from '../../../../lambdas/adapters/controls/controls-header.ts';
import { createControlsStore } from '../../../../lambdas/adapters/controls/controls-store.ts';
import { createLeversParameter } from '../../../../lambdas/adapters/controls/levers-parameter.ts';
import { createMetricReader } from '../../../../lambdas/adapters/controls/metric-reader.ts';
import { createEnvironmentStore } from '../../../../lambdas/adapters/valkey/environment-store.ts';
import type { ValkeyStore } from '../../../../lambdas/adapters/valkey/valkey-store.ts';
import type { ControllerSpec } from '../../../../lambdas/contract/controller-spec.ts';
import { Env } from '../../../../lambdas/contract/environment.ts';
import { planSignals } from '../../../../lambdas/workers/admission-controller/signal-readings.ts';
import { updateControls } from '../../../../lambdas/workers/admission-controller/update-controls.ts';
import { type Cache, startCache } from '../../../../local/twin/cache/start-cache.ts';
import { RecordingLogger } from '../../../support/recording-logger.ts';
import { type RunningAws, runAws } from '../../../support/running-aws.ts';

const NAME = '/spillway/dev/levers';
const spec: ControllerSpec = {
  shards: 2,
  // The twin has no such queue: those that it has it measures itself.
  signals: [{ kind: 'queue', name: 'elsewhere', maxAgeSeconds: 60 }],
  backlogs: [],
  fleetLimits: [{ policy: 'global:all', windowSeconds: 1, leastShare: 0.01 }],
  policies: { global: ['all'] },
  dependencies: [],
};

describe('updateControls, with the services of the twin', () => {
  let aws: RunningAws;
  let server: Cache;
  let store: ValkeyStore;
  beforeAll(async () => {
    [aws, server] = await Promise.all([runAws(), startCache()]);
    const times = { clock: systemClock, connectTimeoutMs: 5_000, commandTimeoutMs: 5_000 };
    store = createEnvironmentStore({ [Env.CACHE_URL]: `redis://${server.host}:${server.port}` }, times);
  });
  afterAll(async () => {
    store.close();
    await Promise.all([aws.aws.close(), server.stop()]);
  });

  it('brings an operator’s levers and a backlog from AWS into every shard', async () => {
    const ssm = new SSMClient(aws.clientOptions());
    const write = (Value: string) =>
      ssm.send(new PutParameterCommand({ Name: NAME, Value, Type: 'String', Overwrite: true }));
    await write('{}');
    await write('{"shedBelow":"sheddable-plus","reason":"campaign"}');
    const statistics = { count: 1, sum: 90, min: 90, max: 90 };
    aws.aws.metrics.put({
      ...{ namespace: 'AWS/SQS', metricName: 'ApproximateAgeOfOldestMessage', unit: 'Seconds', statistics },
      ...{ dimensions: [{ Name: 'QueueName', Value: 'elsewhere' }], atMs: Date.now() - 60_000 },
    });
    const controls = createControlsStore(store, spec.shards);
    const logger = new RecordingLogger();
    const run = () =>
      updateControls({
        ...{ spec, logger, store: controls, clock: systemClock, count: () => {} },
        signals: planSignals(spec.signals),
        breakers: createBreakerReader(store, spec.shards),
        parameter: createLeversParameter(ssm, NAME),
        metrics: createMetricReader(new CloudWatchClient(aws.clientOptions()), systemClock),
      });
    const told = await run();
    expect(told).toMatchObject({
      levers: { shedBelow: 'sheddable-plus', reason: 'campaign' },
      overload: 0.5,
      causes: ["the oldest message of the queue 'elsewhere' waits 90 s, with a budget of 60 s"],
      shares: { 'global:all': [0.5, 0.5] },
      changes: [
        { version: 2, changedBy: 'arn:aws:iam::000000000000:root' },
        { version: 1, levers: {} },
      ],
    });
    expect(logger.lines).toMatchObject([
      {
        message: 'levers changed',
        version: 2,
        changes: ['shedBelow: none → sheddable-plus', 'reason: none → campaign'],
      },
    ]);
    expect((await controls.remembered()).controls).toEqual(told);
    expect((await run()).version).toBe(told.version);
  });

  it('tells every shard the same where many run at once, though each of them sees something else', async () => {
    const ssm = new SSMClient(aws.clientOptions());
    const controls = createControlsStore(store, spec.shards);
    const run = (ageSeconds: number) =>
      updateControls({
        ...{ spec, logger: new RecordingLogger(), store: controls, clock: systemClock, count: () => {} },
        signals: planSignals(spec.signals),
        breakers: createBreakerReader(store, spec.shards),
        parameter: createLeversParameter(ssm, NAME),
        metrics: { read: async () => new Map([['s0_0', ageSeconds]]) },
      });
    const told = await Promise.all([95, 100, 105, 110].map(run));
    const byVersion = Map.groupBy(told, ({ version }) => version);
    for (const same of byVersion.values()) for (const one of same) expect(one).toEqual(same[0]);
    const newest = told.reduce((best, one) => (one.version > best.version ? one : best));
    const details = await Promise.all(
      [0, 1].map((shard) => store.run((commands) => commands.get(controlsKeys(shard).detail))),
    );
    for (const detail of details) expect(JSON.parse(String(detail))).toEqual(newest);
  });
});
