import { Duration } from 'aws-cdk-lib';
import { LoadSignal } from '../admission/load-signal.ts';
import type { ThrottledApi } from '../api/throttled-api.ts';
import type { StreamWorker } from '../messaging/stream-worker.ts';
import type { ScaledFunction, StageProps } from './stage-props.ts';

/** Followers hear of a post within this time while all is well. */
const WORKER_BEHIND_MAX = Duration.minutes(2);

/** What CloudWatch tells the stage's controller of: its worker's backlog, and functions that Lambda refuses to run. */
export function loadSignals(
  { scaling }: Pick<StageProps, 'scaling'>,
  { api, worker }: { readonly api: ThrottledApi; readonly worker: StreamWorker },
): readonly LoadSignal[] {
  const functions = [...api.services].map(([name, target]) => {
    const reserved = scaling[name.toLowerCase() as ScaledFunction]?.reservedConcurrency;
    return LoadSignal.function(target, reserved === undefined ? {} : { reservedConcurrency: reserved });
  });
  return [LoadSignal.worker(worker, { maxAge: WORKER_BEHIND_MAX }), ...functions];
}
