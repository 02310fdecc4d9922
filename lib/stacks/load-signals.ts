import { Duration } from 'aws-cdk-lib';
import { LoadSignal } from '../admission/load-signal.ts';
import type { ThrottledApi } from '../api/throttled-api.ts';
import { KafkaTopic } from '../messaging/kafka-topic.ts';
import type { StreamWorker } from '../messaging/stream-worker.ts';
import type { ScaledFunction, StageProps } from './stage-props.ts';

/** Followers hear of a post within this time while all is well. */
const WORKER_BEHIND_MAX = Duration.minutes(2);

/**
 * What tells the stage's controller of too much load: its worker's backlog, functions that Lambda refuses to run, and open
 * breakers of what routes cannot do without. Breakers of other dependencies are none: those routes have a fallback.
 *
 * Neither is the age of a parking queue. Requests wait there on purpose, for minutes, and are readmitted when load falls:
 * taken for load, they would keep up the very overload that they wait for the end of. How many may wait is bounded by
 * `parkedMax`, and one that waits for too long rings by `ParkingLotAlarms`.
 */
export function loadSignals(
  { scaling }: Pick<StageProps, 'scaling'>,
  { api, worker }: { readonly api: ThrottledApi; readonly worker: StreamWorker },
): readonly LoadSignal[] {
  const functions = [...api.services].map(([name, target]) => {
    const reserved = scaling[name.toLowerCase() as ScaledFunction]?.reservedConcurrency;
    return LoadSignal.function(target, reserved === undefined ? {} : { reservedConcurrency: reserved });
  });
  // Of a Kafka topic Lambda does not tell how far a worker is behind: an alarm is all that rings then.
  const behind = worker.source instanceof KafkaTopic ? [] : [LoadSignal.worker(worker, { maxAge: WORKER_BEHIND_MAX })];
  return [...behind, ...functions, ...breakers(api)];
}

function breakers(api: ThrottledApi): LoadSignal[] {
  const required = api.servedRoutes.flatMap(({ service, route }) =>
    route.dependencies.filter(({ spec }) => spec.required).map(({ name }) => [service, name] as const),
  );
  const byService = Map.groupBy(required, ([service]) => service);
  return [...byService].flatMap(([service, uses]) =>
    [...new Set(uses.map(([, name]) => name))].map((name) => LoadSignal.breaker(service, name)),
  );
}
