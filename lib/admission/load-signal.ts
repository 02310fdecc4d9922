import { Duration } from 'aws-cdk-lib';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { SignalSpec } from '../../lambdas/contract/controller-spec.ts';
import type { ServiceFunction } from '../compute/service-function.ts';
import type { StreamWorker } from '../messaging/stream-worker.ts';
import { validateDuration, validateNumber, validateWholeNumber } from '../validate.ts';

export interface BacklogOptions {
  /**
   * Age of the oldest that is still well: whole seconds, at least 10. From there on less and less is admitted, and at
   * twice the age nothing but what matters most.
   */
  readonly maxAge: Duration;
}

export interface FunctionSignalOptions {
  /** What the function reserves: 80 % of it in use begins to count as load. @default - only refused invocations count */
  readonly reservedConcurrency?: number;
}

export interface AccountOptions {
  /** Concurrent invocations that the account has in the Region: AWS starts with 1,000. */
  readonly concurrency: number;
}

export interface BreakerSignalOptions {
  /**
   * Overload that the breaker counts as while it is open in at least half of the admission shards, 0.01 to 1; half-open ones
   * count half. Of an overload x the share x³ of all traffic is shed, the least important first: 0.5 sheds an eighth, which
   * is half of what is `SHEDDABLE`, and 0.8 half of everything. At 1 nothing comes in until the breaker may be probed.
   * @default 0.5
   */
  readonly overload?: number;
}

/** What an open breaker counts as where nobody says: a sign of trouble, but of one dependency and not of all. */
const BREAKER_OVERLOAD_DEFAULT = 0.5;

/** Something looked at by the minute, in CloudWatch or in the store, that has less admitted where it is too much. */
export class LoadSignal {
  /** Age of a queue's oldest message. */
  static queue(queue: IQueue, options: BacklogOptions): LoadSignal {
    return new LoadSignal({ kind: 'queue', name: queue.queueName, maxAgeSeconds: seconds('queue', options) });
  }

  /** How far the slowest consumer of a stream is behind that reads without enhanced fan-out. */
  static stream(stream: IStream, options: BacklogOptions): LoadSignal {
    return new LoadSignal({ kind: 'stream', name: stream.streamName, maxAgeSeconds: seconds('stream', options) });
  }

  /** How far one worker is behind its stream. */
  static worker(worker: StreamWorker, options: BacklogOptions): LoadSignal {
    const name = worker.function.function.functionName;
    return new LoadSignal({ kind: 'consumer', name, maxAgeSeconds: seconds('worker', options) });
  }

  /** Invocations of a function that Lambda refused, and how much of its reserved concurrency is in use. */
  static function(target: ServiceFunction, options: FunctionSignalOptions = {}): LoadSignal {
    const { reservedConcurrency } = options;
    validateWholeNumber('load signal of a function: reservedConcurrency', reservedConcurrency, { min: 1 });
    return new LoadSignal({
      kind: 'function',
      name: target.function.functionName,
      ...(reservedConcurrency !== undefined && { reservedConcurrency }),
    });
  }

  /** How much of the account's concurrency is in use, by whomever. */
  static account({ concurrency }: AccountOptions): LoadSignal {
    validateWholeNumber('load signal of the account: concurrency', concurrency, { min: 1 });
    return new LoadSignal({ kind: 'account', concurrency });
  }

  /**
   * The breaker of a service for something that the service has declared in `dependencies`. For what routes require: one
   * that they have a fallback for is no reason to shed.
   */
  static breaker(service: string, dependency: string, options: BreakerSignalOptions = {}): LoadSignal {
    const { overload = BREAKER_OVERLOAD_DEFAULT } = options;
    const subject = `load signal of the breaker of '${service}' for '${dependency}': overload`;
    validateNumber(subject, overload, { min: 0.01, max: 1, known: true });
    return new LoadSignal({ kind: 'breaker', service, dependency, overload });
  }

  /** As it travels to the controller; names may be tokens. */
  readonly spec: SignalSpec;

  private constructor(spec: SignalSpec) {
    this.spec = spec;
  }
}

function seconds(kind: string, { maxAge }: BacklogOptions): number {
  validateDuration(`load signal of a ${kind}: maxAge`, maxAge, {
    min: Duration.seconds(10),
    max: Duration.days(14),
    whole: 'seconds',
    known: true,
  });
  return maxAge.toSeconds();
}
