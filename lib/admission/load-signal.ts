import { Duration } from 'aws-cdk-lib';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { SignalSpec } from '../../lambdas/contract/controller-spec.ts';
import type { ServiceFunction } from '../compute/service-function.ts';
import type { StreamWorker } from '../messaging/stream-worker.ts';
import { validateDuration, validateWholeNumber } from '../validate.ts';

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

/** Something that CloudWatch measures by the minute and that, where it is too much, has less admitted. */
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
